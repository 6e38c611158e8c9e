-- $1 id, $2 attempt, $3 units the PSA shows (null for none), $4 seconds, $5 generation. Since when the read-backs have agreed is kept for the next one.
update intent
set checks = checks + 1, due_at = now() + make_interval(secs => $4),
    first_seen_unchanged_at = case when seen_units is not distinct from $3 then coalesce(first_seen_unchanged_at, now()) else now() end, seen_units = $3
where id = $1 and attempt = $2 and generation = $5 and state = 'in_doubt';
