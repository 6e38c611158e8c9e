-- $1 ids, $2 versions read, $3 mapping versions. Only tenants whose state changed are written.
update product_tenant t
set mapping_version = c.mapping_version, ver = c.ver + 1
from unnest($1::bigint[], $2::int[], $3::int[]) as c(id, ver, mapping_version)
where t.id = c.id and t.ver = c.ver;
