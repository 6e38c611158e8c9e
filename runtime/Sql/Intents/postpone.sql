-- $1 id, $2 attempt, $3 seconds. The PSA could not be read: nothing is known, and nothing counts.
update intent set due_at = now() + make_interval(secs => $3)
where id = $1 and attempt = $2 and state in ('pending', 'sending', 'in_doubt');
