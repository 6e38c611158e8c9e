-- $1 id, $2 attempt, $3 state (rejected or parked), $4 code, $5 sentence, $6 generation. The end, until a person releases it.
update intent set state = $3, code = $4, sentence = $5, settled_at = now()
where id = $1 and attempt = $2 and generation = $6 and state in ('pending', 'sending', 'in_doubt');
