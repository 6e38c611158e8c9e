-- $1 how many, $2 instant (null for now). Nothing is due for more than two hours: no intent, message or reminder that is not parked, and no night under way. Allowed:
-- what waits for a parked integration, or for its ticket, and a tenant that owes no night and that nobody wants read. It says nothing about a hub that was down for longer.
select b.what, b.how, count(*) over ()
from (
    select 'intent ' || n.id as what, 'is ' || n.state || ' and due since ' || n.due_at as how, n.due_at
    from intent n
    join integration i on i.id = n.integration_id and i.credentials <> 3
    where n.state in ('sending', 'in_doubt') and (n.state = 'sending' or n.effect is distinct from 'ticket') and greatest(n.due_at, n.sending_at) < coalesce($2::timestamptz, now()) - interval '2 hours'
    union all
    select 'message to line ' || m.grain_id, m.kind || ' waits since ' || m.due_at, m.due_at
    from message m
    where m.parked_reason is null and m.due_at < coalesce($2::timestamptz, now()) - interval '2 hours'
    union all
    select 'reminder of line ' || r.grain_id, r.name || ' waits since ' || r.due_at, r.due_at
    from reminder r
    where r.grain_kind = 3 and r.parked_reason is null and r.due_at < coalesce($2::timestamptz, now()) - interval '2 hours'
    union all
    select 'reminder of tenant ' || r.grain_id, r.name || ' waits since ' || r.due_at, r.due_at
    from reminder r
    join product_tenant t on t.id = r.grain_id
    join integration i on i.id = t.integration_id and i.credentials <> 3
    join msp m on m.id = t.msp_id
    where r.grain_kind = 1 and r.name in ('read', 'refresh') and r.parked_reason is null
        and (r.name = 'refresh' or r.night <= (coalesce($2, now()) at time zone m.zone)::date - ((coalesce($2, now()) at time zone m.zone)::time < m.night_at)::int)
        and r.due_at < coalesce($2::timestamptz, now()) - interval '2 hours'
    union all
    select 'reminder of integration ' || r.grain_id, r.name || ' waits since ' || r.due_at, r.due_at
    from reminder r
    join integration i on i.id = r.grain_id and i.credentials <> 3
    where r.grain_kind = 4 and r.parked_reason is null and r.due_at < coalesce($2::timestamptz, now()) - interval '2 hours'
) b
order by 1, 2
limit $1;
