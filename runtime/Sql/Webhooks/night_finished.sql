-- $1 days to look back. Nights that are over, for whoever wants to be told: every source was read whole, and no line has anything left to hear. No transaction ends a night, so
-- that it is looked for; the identity makes it one event, whoever finds it.
insert into webhook_delivery (msp_id, webhook_id, event, about, body)
select w.msp_id, w.webhook_id, w.event, 'night/' || n.night,
    webhook_body(w.event, json_build_object(
        'night', n.night, 'read', n.read, 'changed', n.changed,
        'lines_changed', (select count(distinct r.line_id) from count_record r where r.msp_id = w.msp_id and r.night = n.night and r.source not in ('opening', 'taken_over')),
        'lines_held', (select count(*) from hold h where h.msp_id = w.msp_id and h.resolved_at is null)))
from webhook_wish w
join msp m on m.id = w.msp_id
cross join lateral (
    select o.night, sum(o.read) as read, sum(o.changed) as changed
    from night o
    where o.msp_id = w.msp_id and o.night >= (now() at time zone m.zone)::date - $1::int
    group by o.night
    having bool_and(o.state = 'finished') and max(o.finished_at) >= w.enabled_at
) n
where w.event = 'night.finished'
    and not exists (select 1 from webhook_delivery d where d.webhook_id = w.webhook_id and d.event = w.event and d.about = 'night/' || n.night)
    and not exists (select 1 from message g where g.msp_id = w.msp_id and g.night <= n.night and g.grain_kind in (3, 5) and g.parked_reason is null)
    -- of the last night, also sources that have not begun
    and (n.night < (now() at time zone m.zone)::date - ((now() at time zone m.zone)::time < m.night_at)::int or not exists (
        select 1 from integration i
        where i.msp_id = w.msp_id and i.reads_products and i.kind <> 'feed' and not exists (select 1 from night o where o.integration_id = i.id and o.night = n.night)))
on conflict do nothing;
