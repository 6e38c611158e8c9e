update organization_mapping m
set retired_in = c.version
from unnest($1::bigint[], $2::int[]) as c(organization_id, version)
where m.organization_id = c.organization_id and m.retired_in is null;
