-- $1 tenants, $2 metrics, $3 nights, $4 msps, $5 units, $6 evidence, $7 reasons, $8 observed at.
-- Several reads of one night are numbered; the tenant rows are locked, so the number is free.
insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)
select r.tenant_id, r.metric, r.night,
    coalesce((select max(p.read_no) from reading p where p.tenant_id = r.tenant_id and p.metric = r.metric and p.night = r.night), 0) + 1,
    r.msp_id, r.units, r.evidence, r.reason, r.observed_at
from unnest($1::bigint[], $2::text[], $3::date[], $4::bigint[], $5::numeric[], $6::smallint[], $7::text[], $8::timestamptz[])
    as r(tenant_id, metric, night, msp_id, units, evidence, reason, observed_at);
