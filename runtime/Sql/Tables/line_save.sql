-- Every changed line gets a new version, also when only its count records changed: ledger entries are numbered by it.
update service_line l
set basis = c.basis, charged_until = c.charged_until, refresh_asked_at = c.refresh_asked_at, service_from = c.service_from, service_until = c.service_until,
    running_units = c.running_units, extra = c.extra, until_on = c.until_on, followed = c.followed, ver = c.ver + 1
from unnest($1::bigint[], $2::int[], $3::smallint[], $4::date[], $5::timestamptz[], $6::date[], $7::date[], $8::numeric[], $9::smallint[], $10::date[],
    $11::boolean[])
    as c(id, ver, basis, charged_until, refresh_asked_at, service_from, service_until, running_units, extra, until_on, followed)
where l.id = c.id and l.ver = c.ver;
