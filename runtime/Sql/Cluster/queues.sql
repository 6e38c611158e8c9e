-- $1 msp, $2 the most rows of a queue that are counted. What waits to be done for the msp: due, for later, for a person, and since when the oldest is due. Of reminders for later there is one for
-- every line and tenant, which says nothing: they are not counted.
select q.queue, q.grain_kind, q.kind, q.due, q.waiting, q.parked, q.oldest_due_at
from (
    select 'messages' as queue, m.grain_kind, m.kind, count(*) filter (where m.parked_reason is null and m.due_at <= now()) as due,
        count(*) filter (where m.parked_reason is null and m.due_at > now()) as waiting, count(*) filter (where m.parked_reason is not null) as parked,
        min(m.due_at) filter (where m.parked_reason is null and m.due_at <= now()) as oldest_due_at
    from (select x.grain_kind, x.kind, x.due_at, x.parked_reason from message x where x.msp_id = $1 limit $2) m
    group by m.grain_kind, m.kind
    union all
    select 'reminders', r.grain_kind, r.name, count(*) filter (where r.parked_reason is null), 0, count(*) filter (where r.parked_reason is not null),
        min(r.due_at) filter (where r.parked_reason is null)
    from (
        (select x.grain_kind, x.name, x.due_at, x.parked_reason from reminder x where x.msp_id = $1 and x.parked_reason is null and x.due_at <= now() limit $2)
        union all
        (select x.grain_kind, x.name, x.due_at, x.parked_reason from reminder x where x.msp_id = $1 and x.parked_reason is not null limit $2)
    ) r
    group by r.grain_kind, r.name
    union all
    select 'intents', null, n.state, count(*) filter (where n.goes_on and n.due_at <= now()), count(*) filter (where n.goes_on and n.due_at > now()), count(*) filter (where not n.goes_on),
        min(n.due_at) filter (where n.goes_on and n.due_at <= now())
    from (
        (select x.state, x.due_at, true as goes_on from integration i join intent x on x.integration_id = i.id where i.msp_id = $1 and x.state in ('pending', 'sending', 'in_doubt') limit $2)
        union all
        -- one that a newer wish overtook needs nobody
        (select x.state, x.due_at, false from intent x where x.msp_id = $1 and x.state in ('rejected', 'parked') and x.code is distinct from 'superseded' limit $2)
    ) n
    group by n.state
    union all
    select 'tickets', null, w.state, count(*) filter (where w.state <> 'parked' and w.due_at <= now()), count(*) filter (where w.state <> 'parked' and w.due_at > now()),
        count(*) filter (where w.state = 'parked'), min(w.due_at) filter (where w.state <> 'parked' and w.due_at <= now())
    from (select x.state, x.due_at from ticket_write x where x.msp_id = $1 and x.state in ('pending', 'sending', 'in_doubt', 'parked') limit $2) w
    group by w.state
    union all
    select 'runs', null, r.kind, count(*), 0, 0, min(r.started_at)
    from (select x.kind, x.started_at from run x where x.msp_id = $1 and x.state = 'running' limit $2) r
    group by r.kind
) q
order by q.queue, q.grain_kind, q.kind;
