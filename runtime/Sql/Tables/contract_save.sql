update contract k
set name = c.name, from_on = c.from_on, until_on = c.until_on, active = c.active, ver = c.ver + 1
from unnest($1::bigint[], $2::int[], $3::text[], $4::date[], $5::date[], $6::boolean[]) as c(id, ver, name, from_on, until_on, active)
where k.id = c.id and k.ver = c.ver;
