update organization o
set mapping_version = c.mapping_version, ver = c.ver + 1
from unnest($1::bigint[], $2::int[], $3::int[]) as c(id, ver, mapping_version)
where o.id = c.id and o.ver = c.ver;
