-- $1 alerts, $2 occurrences, $3 statuses, $4 at.
insert into ticket_write (msp_id, integration_id, ticket_id, kind, status, at)
select t.msp_id, t.integration_id, t.id, 'close', c.status, c.at
from unnest($1::bigint[], $2::int[], $3::text[], $4::timestamptz[]) as c(alert_id, occurrence, status, at)
join ticket t on t.alert_id = c.alert_id and t.occurrence = c.occurrence;
