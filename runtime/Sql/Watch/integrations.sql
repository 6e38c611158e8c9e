-- Seconds that the first intent has been due at an integration that takes any, and tenants that the last night left unread.
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
where i.reads_products;
