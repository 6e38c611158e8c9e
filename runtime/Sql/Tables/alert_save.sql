-- Names of tellings come as one text each, separated by the sign of a new line, which no name holds: arrays of arrays have one length.
update alert a
set open = c.open, occurrence = c.occurrence, repeats = c.repeats, ticketed = c.ticketed, severity = c.severity, title = c.title, events = string_to_array(c.events, E'\n'),
    integration_id = c.integration_id, organization_id = c.organization_id, account_remote_id = c.account_remote_id,
    raised_at = c.raised_at, last_at = c.last_at, cleared_at = c.cleared_at, ver = c.ver + 1
from unnest($1::bigint[], $2::int[], $3::boolean[], $4::int[], $5::int[], $6::boolean[], $7::smallint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::text[],
    $13::timestamptz[], $14::timestamptz[], $15::timestamptz[])
    as c(id, ver, open, occurrence, repeats, ticketed, severity, title, events, integration_id, organization_id, account_remote_id, raised_at, last_at, cleared_at)
where a.id = c.id and a.ver = c.ver;
