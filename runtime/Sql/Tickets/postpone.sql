-- $1 id, $2 attempt, $3 seconds. The PSA could not be looked at: nothing is known, and nothing counts.
update ticket_write set due_at = now() + make_interval(secs => $3)
where id = $1 and attempt = $2 and state in ('pending', 'sending', 'in_doubt');
