-- $1 integration, $2 endpoint, $3 window in minutes, $4 allowed, $5 seconds between two askings. One silo gets the row, and asks the vendor what is used.
insert into vendor_budget as b (integration_id, endpoint, msp_id, window_minutes, allowed, asked_at)
select i.id, $2, i.msp_id, $3, $4, now()
from integration i
where i.id = $1
on conflict (integration_id, endpoint) do update set asked_at = now()
where b.asked_at is null or b.asked_at <= now() - make_interval(secs => $5)
returning b.integration_id;
