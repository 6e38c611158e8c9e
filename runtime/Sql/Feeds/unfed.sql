-- $1 integration, $2 the night that has begun. Of the tenants that are due, the nights before it of which a metric was told nothing; a metric that was told of before
-- only, and 31 nights at most: older ones are lost anyway.
select t.id, c.metric, n.night
from product_tenant t
join reminder r on r.grain_kind = 1 and r.grain_id = t.id and r.name = 'read' and r.due_at <= now() and r.parked_reason is null
join tenant_count c on c.tenant_id = t.id
cross join lateral (
    select $2::date - d.days as night from generate_series(1, least(31, $2::date - coalesce(r.night, $2::date) + 1)) as d(days)
) n
where t.integration_id = $1
    and not exists (select 1 from reading g where g.tenant_id = t.id and g.metric = c.metric and g.night = n.night)
    and exists (select 1 from reading f where f.tenant_id = t.id and f.metric = c.metric and f.night < n.night)
order by t.id, c.metric, n.night;
