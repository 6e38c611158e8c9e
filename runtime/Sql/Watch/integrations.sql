-- Seconds that the first intent has been due at an integration that takes any; of the last nights the tenants left unread and the seconds of the longest; and the
-- percentage of what a vendor allows the hub in its window that is used up, by kind of vendor, where most is.
select 'intent_age', null, coalesce(max(extract(epoch from now() - d.due_at)), 0)::float8
from integration i
cross join lateral (
    select n.due_at from intent n
    where n.integration_id = i.id and n.state = 'pending' and n.due_at <= now()
    order by n.due_at limit 1
) d
where i.credentials <> 3
union all
select 'night_unread', null, coalesce(sum(l.unread), 0)::float8
from integration i
cross join lateral (select n.unread from night n where n.integration_id = i.id order by n.night desc limit 1) l
where i.reads_products
union all
select 'night_seconds', null, coalesce(max(extract(epoch from l.finished_at - l.started_at)), 0)::float8
from integration i
cross join lateral (select n.started_at, n.finished_at from night n where n.integration_id = i.id and n.finished_at is not null order by n.night desc limit 1) l
union all
select 'quota_used', i.kind, max(100.0 * u.calls / b.allowed)::float8
from vendor_budget b
join integration i on i.id = b.integration_id
cross join lateral (
    select coalesce(sum(c.calls), 0) as calls from vendor_chunk c
    where c.integration_id = b.integration_id and c.endpoint = b.endpoint and c.taken_at > now() - make_interval(mins => b.window_minutes)
) u
where b.allowed > 0
group by i.kind;
