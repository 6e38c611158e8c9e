-- $1 tenants, $2 metrics, $3 msps, $4 units, $5 evidence, $6 reasons, $7 nights, $8 observed at. The tenant rows are locked.
insert into tenant_count (tenant_id, metric, msp_id, units, evidence, reason, night, observed_at)
select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::numeric[], $5::smallint[], $6::text[], $7::date[], $8::timestamptz[])
on conflict (tenant_id, metric) do update
set units = excluded.units, evidence = excluded.evidence, reason = excluded.reason, night = excluded.night, observed_at = excluded.observed_at;
