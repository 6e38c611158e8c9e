-- $1 msp, $2 tenants. What was last read of them.
select tenant_id, metric, units, evidence, reason, night, observed_at
from tenant_count
where msp_id = $1 and tenant_id = any($2)
order by tenant_id, metric;
