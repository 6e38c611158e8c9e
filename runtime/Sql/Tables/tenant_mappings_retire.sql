-- $1 tenants, $2 new mapping versions.
update tenant_mapping m
set retired_in = c.version
from unnest($1::bigint[], $2::int[]) as c(tenant_id, version)
where m.tenant_id = c.tenant_id and m.retired_in is null;
