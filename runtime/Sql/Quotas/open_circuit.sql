-- $1 integration, $2 seconds, $3 reason. It stays open since the first failure.
insert into vendor_circuit (integration_id, msp_id, opened_at, open_until, reason)
select i.id, i.msp_id, now(), now() + make_interval(secs => $2), $3
from integration i
where i.id = $1
on conflict (integration_id) do update set open_until = excluded.open_until, reason = excluded.reason;
