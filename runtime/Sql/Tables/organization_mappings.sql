select organization_id, version, account_id, from_on, until_on
from organization_mapping
where organization_id = any($1) and retired_in is null
order by organization_id, from_on;
