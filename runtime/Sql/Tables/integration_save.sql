update integration i
set credentials = c.credentials, credential_reason = c.credential_reason, night_cursor = c.night_cursor, failures = c.failures, ver = c.ver + 1
from unnest($1::bigint[], $2::int[], $3::smallint[], $4::text[], $5::date[], $6::int[]) as c(id, ver, credentials, credential_reason, night_cursor, failures)
where i.id = c.id and i.ver = c.ver;
