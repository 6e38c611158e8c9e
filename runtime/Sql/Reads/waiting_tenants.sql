-- $1 integration, $2 night, $3 when the pass began. Tenants that were not due then, because they wait for their own retry, still owe the night: also those whose retry
-- became due while the pass was reading. Each looks for its own reminder, so that the others' are not gone through.
select count(*)
from product_tenant t
cross join lateral (
    select 1
    from reminder r
    where r.grain_kind = 1 and r.grain_id = t.id and r.name = 'read' and r.night <= $2 and r.due_at > $3 and r.parked_reason is null
    limit 1
) w
where t.integration_id = $1;
