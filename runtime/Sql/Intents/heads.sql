-- $1 integration, $2 how many. One intent per contract: what is in flight first, then the earliest date. Those not due yet block their contract only.
select id, msp_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, generation, state, attempt, observed_before, acknowledged, checks, first_seen_unchanged_at
from (
    select distinct on (contract_remote_id) *
    from intent
    where integration_id = $1 and state in ('pending', 'sending', 'in_doubt')
    order by contract_remote_id, (state = 'pending'), effective_on, id
) head
where due_at <= now()
order by due_at, id
limit $2;
