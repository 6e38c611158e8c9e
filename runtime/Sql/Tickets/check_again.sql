-- $1 id, $2 attempt, $3 seconds. Not there yet.
update ticket_write
set checks = checks + 1, due_at = now() + make_interval(secs => $3), first_unseen_at = coalesce(first_unseen_at, now())
where id = $1 and attempt = $2 and state = 'in_doubt';
