-- $1 id, $2 generation, $3 attempt, $4 observed before, $5 delta. Committed before the first byte leaves. No row: somebody else has it, or it was superseded.
update intent
set state = 'sending', attempt = attempt + 1, observed_before = $4, delta = $5, sending_at = now(), first_seen_unchanged_at = null, checks = 0, acknowledged = false
where id = $1 and generation = $2 and attempt = $3 and state = 'pending'
returning attempt;
