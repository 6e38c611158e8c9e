-- $1 integration. Tenants due for their night, or for a read somebody asked for.
select t.id, t.product, t.remote_id, bool_or(r.name = 'refresh'), min(r.night) filter (where r.name = 'read'), bool_or(r.name = 'read')
from reminder r
join product_tenant t on t.id = r.grain_id
where r.grain_kind = 1 and t.integration_id = $1 and r.due_at <= now() and r.parked_reason is null
group by t.id, t.product, t.remote_id
order by t.id;
