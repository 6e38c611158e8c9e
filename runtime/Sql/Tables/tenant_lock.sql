-- $1 ids. Lock the tenants in key order, so that two batches never wait for each other in a circle; a tenant somebody else holds drops out.
select id, msp_id, ver, product, mapping_version
from product_tenant
where id = any($1)
order by id
for no key update skip locked;
