-- $1 id, $2 generation, $3 attempt, $4 units before, $5 delta, $6 sent on, $7 lines that the PSA has. Committed before the first byte leaves; what the PSA had before the first
-- of several sends stays known. No row: somebody else has it, it was superseded, another change of its contract is in flight, or nobody knows how an earlier one of its line ended.
update intent i
set state = 'sending', effect = 'added_line', sent_on = $6, attempt = i.attempt + 1, observed_before = $4, delta = $5, known_lines = coalesce(i.known_lines, $7), sending_at = now(),
    first_seen_unchanged_at = null, checks = 0, acknowledged = false
where i.id = $1 and i.generation = $2 and i.attempt = $3 and i.state = 'pending' and not exists (
    select 1 from intent f
    where f.integration_id = i.integration_id and f.contract_remote_id = i.contract_remote_id and f.state in ('sending', 'in_doubt'))
    and not exists (
    select 1 from intent u
    where u.line_id in (select r.id from lines_of_remote(i.line_id) as r(id)) and u.state = 'parked' and num_nonnulls(u.sending_at, u.known_lines) > 0)
returning i.attempt;
