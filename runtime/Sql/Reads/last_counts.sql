-- $1 integration. What every tenant counted at its last read, number or not.
select t.id, t.product, t.remote_id, c.metric, c.units, c.evidence, c.reason, c.night, c.observed_at
from product_tenant t
join tenant_count c on c.tenant_id = t.id
where t.integration_id = $1
order by t.id, c.metric;
