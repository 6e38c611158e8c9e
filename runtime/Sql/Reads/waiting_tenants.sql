-- $1 integration, $2 night. Tenants that an earlier pass could not read wait for their own retry; they still owe the night.
select count(*)
from reminder r
join product_tenant t on t.id = r.grain_id
where r.grain_kind = 1 and r.name = 'read' and t.integration_id = $1 and r.night <= $2 and r.due_at > now() and r.parked_reason is null;
