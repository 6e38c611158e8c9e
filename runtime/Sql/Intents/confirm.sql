-- $1 id, $2 code, $3 the date it was looked at for. The PSA shows what was wanted.
update intent
set state = 'confirmed', sent_on = $3, settled_at = now(), code = $2, sentence = null
where id = $1 and state in ('pending', 'sending', 'in_doubt');
