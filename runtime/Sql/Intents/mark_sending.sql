-- $1 id, $2 generation, $3 attempt, $4 observed before, $5 delta, $6 sent on. Committed before the first byte leaves.
-- No row: somebody else has it, it was superseded, or another change of its contract is in flight.
update intent i
set state = 'sending', sent_on = $6, attempt = i.attempt + 1, observed_before = $4, delta = $5, sending_at = now(), first_seen_unchanged_at = null, checks = 0, acknowledged = false
where i.id = $1 and i.generation = $2 and i.attempt = $3 and i.state = 'pending' and not exists (
    select 1 from intent f
    where f.integration_id = i.integration_id and f.contract_remote_id = i.contract_remote_id and f.state in ('sending', 'in_doubt'))
returning i.attempt;
