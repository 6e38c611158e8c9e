-- $1 id, $2 attempt, $3 code, $4 sentence, $5 seconds, $6 attempts given back. Certainly not applied: it may be sent again.
update ticket_write
set state = 'pending', attempt = attempt - $6, code = $3, sentence = $4, due_at = now() + make_interval(secs => $5), checks = 0, first_unseen_at = null, acknowledged = false
where id = $1 and attempt = $2 and state in ('sending', 'in_doubt');
