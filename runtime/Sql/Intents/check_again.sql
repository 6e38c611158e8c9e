-- $1 id, $2 attempt, $3 whether the PSA still shows what it showed before, $4 seconds, $5 generation.
update intent
set checks = checks + 1, due_at = now() + make_interval(secs => $4),
    first_seen_unchanged_at = case when $3 then coalesce(first_seen_unchanged_at, now()) else first_seen_unchanged_at end
where id = $1 and attempt = $2 and generation = $5 and state = 'in_doubt';
