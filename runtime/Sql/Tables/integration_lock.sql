-- $1 ids, in key order.
select id, msp_id, ver, reads_products, credentials, credential_reason, night_cursor, failures
from integration
where id = any($1)
order by id
for no key update skip locked;
