-- $1 integration. What every tenant counted at its last read, where that was a number.
select t.product, t.remote_id, c.metric, c.units
from product_tenant t
join tenant_count c on c.tenant_id = t.id
where t.integration_id = $1 and c.units is not null;
