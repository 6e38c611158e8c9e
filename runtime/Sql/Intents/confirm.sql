-- $1 ids, $2 code. The PSA shows what was wanted.
update intent
set state = 'confirmed', settled_at = now(), code = $2, sentence = null
where id = any($1) and state in ('pending', 'sending', 'in_doubt');
