-- $1 msp, $2 integration, $3 night, $4 lines, $5 desired, $6 observed (null for none), $7 reasons.
insert into drift (line_id, msp_id, integration_id, since_night, night, desired_units, observed_units, reason)
select d.line_id, $1, $2, $3, $3, d.desired, d.observed, d.reason
from unnest($4::bigint[], $5::numeric[], $6::numeric[], $7::text[]) as d(line_id, desired, observed, reason)
on conflict (line_id) do update
set night = excluded.night, desired_units = excluded.desired_units, observed_units = excluded.observed_units, reason = excluded.reason, seen_at = now();
