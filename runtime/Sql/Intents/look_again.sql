-- $1 id, $2 generation, $3 attempt, $4 units the PSA shows (null for none), $5 code, $6 sentence, $7 seconds. Nothing was sent: the PSA shows something unlooked-for,
-- and a read may be wrong. What was seen, and since when, is kept for the next look.
update intent
set checks = checks + 1, due_at = now() + make_interval(secs => $7), code = $5, sentence = $6,
    first_seen_unchanged_at = case when checks > 0 and observed_before is not distinct from $4 then coalesce(first_seen_unchanged_at, now()) else now() end, observed_before = $4
where id = $1 and generation = $2 and attempt = $3 and state = 'pending';
