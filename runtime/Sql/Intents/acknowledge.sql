-- $1 id, $2 attempt, $3 seconds, $4 generation. The vendor said yes; it stays in flight until a read shows it.
update intent set state = 'in_doubt', acknowledged = true, due_at = now() + make_interval(secs => $3)
where id = $1 and attempt = $2 and generation = $4 and state = 'sending';
