select tenant_id, metric, units, evidence, reason, night, observed_at
from tenant_count
where tenant_id = any($1)
order by tenant_id, metric;
