-- $1 id, $2 attempt, $3 generation, $4 what the PSA calls the line. The PSA shows a line that it did not have before the send.
update intent
set state = 'confirmed', effect = 'added_line', line_remote_id = $4, settled_at = now(), code = 'applied', sentence = null
where id = $1 and attempt = $2 and generation = $3 and state in ('pending', 'sending', 'in_doubt');
