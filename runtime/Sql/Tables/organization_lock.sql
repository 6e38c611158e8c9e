-- $1 ids, in key order.
select id, msp_id, ver, mapping_version
from organization
where id = any($1)
order by id
for no key update skip locked;
