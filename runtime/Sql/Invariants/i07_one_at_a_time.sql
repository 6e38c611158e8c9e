-- $1 how many. One pending intent per line and date, one in flight per contract, one open hold per line; a line that follows another begins where that one ends. Allowed: a
-- newer wish waits behind one in flight.
select b.what, b.how, count(*) over ()
from (
    select 'service ' || n.service_remote_id as what, count(*) || ' pending intents from ' || n.effective_on as how
    from intent n
    where n.state = 'pending'
    group by n.integration_id, n.service_remote_id, n.effective_on
    having count(*) > 1
    union all
    select 'contract ' || n.contract_remote_id, count(*) || ' intents in flight'
    from intent n
    where n.state in ('sending', 'in_doubt')
    group by n.integration_id, n.contract_remote_id
    having count(*) > 1
    union all
    select 'line ' || h.line_id, count(*) || ' open holds'
    from hold h
    where h.resolved_at is null
    group by h.line_id
    having count(*) > 1
    union all
    select 'line ' || l.id, 'begins on ' || coalesce(l.from_on::text, 'no day') || ', and the one before it ends on ' || coalesce(f.until_on::text, 'none')
    from service_line l
    join service_line f on f.id = l.follows
    where l.from_on is distinct from f.until_on or not f.followed or l.contract_id <> f.contract_id or l.remote_id <> f.remote_id
) b
order by 1, 2
limit $1;
