-- $1 the most that is counted. Intents by state, and what waits for a person: parked work, holds, notices, events for webhooks, integrations without credentials.
select 'parked', 'message', count(*)::float8 from (select 1 from message where parked_reason is not null limit $1) p
union all
select 'parked', 'reminder', count(*)::float8 from (select 1 from reminder where parked_reason is not null limit $1) p
union all
select 'intents', 'pending', count(*)::float8 from (select 1 from intent where state = 'pending' limit $1) p
union all
select 'intents', 'sending', count(*)::float8 from (select 1 from intent where state = 'sending' limit $1) p
union all
select 'intents', 'in_doubt', count(*)::float8 from (select 1 from intent where state = 'in_doubt' limit $1) p
union all
select 'intents', 'parked', count(*)::float8 from (select 1 from intent where state = 'parked' limit $1) p
union all
-- One that a newer wish overtook needs nobody
select 'intents', 'rejected', count(*)::float8 from (select 1 from intent where state = 'rejected' and code is distinct from 'superseded' limit $1) p
union all
select 'holds', null, count(*)::float8 from (select 1 from hold where resolved_at is null limit $1) p
union all
select 'notices_parked', null, count(*)::float8 from (select 1 from notice where state = 'parked' limit $1) p
union all
select 'deliveries_parked', null, count(*)::float8 from (select 1 from webhook_delivery where state = 'parked' limit $1) p
union all
select 'tickets_parked', null, count(*)::float8 from (select 1 from ticket_write where state = 'parked' limit $1) p
union all
select 'integrations_parked', null, count(*)::float8 from integration where credentials = 3;
