-- $1 id, $2 code, $3 the date it was looked at for, $4 attempt, $5 generation. The PSA shows what was wanted. A wish that was replaced, or sent again, since
-- the PSA was read is not the one that the read confirms.
update intent
set state = 'confirmed', sent_on = $3, settled_at = now(), code = $2, sentence = null
where id = $1 and attempt = $4 and generation = $5 and state in ('pending', 'sending', 'in_doubt');
