-- $1 ids. An interactive turn waits for the row, up to lock_timeout.
select id, msp_id, ver, product, mapping_version
from product_tenant
where id = any($1)
order by id
for no key update;
