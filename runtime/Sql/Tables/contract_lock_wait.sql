-- $1 ids, in key order.
select id, msp_id, ver, name, from_on, until_on, active
from contract
where id = any($1)
order by id
for no key update;
