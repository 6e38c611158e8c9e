-- $1 ids, in key order.
select id, msp_id, ver, open, occurrence, repeats, ticketed, severity, title, events, integration_id, organization_id, account_remote_id, raised_at, last_at, cleared_at
from alert
where id = any($1)
order by id
for no key update skip locked;
