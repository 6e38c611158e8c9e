select tenant_id, version, organization_id, from_on, until_on
from tenant_mapping
where tenant_id = any($1) and retired_in is null
order by tenant_id, from_on;
