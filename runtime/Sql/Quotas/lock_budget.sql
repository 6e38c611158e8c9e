-- $1 integration, $2 endpoint, $3 window in minutes, $4 allowed. Makes the row or takes it for itself until the batch is over, so that chunks are
-- taken one after the other. What the vendor said is forgotten when it is older than the window.
insert into vendor_budget as b (integration_id, endpoint, msp_id, window_minutes, allowed)
select i.id, $2, i.msp_id, $3, $4
from integration i
where i.id = $1
on conflict (integration_id, endpoint) do update
set window_minutes = excluded.window_minutes, allowed = excluded.allowed,
    ceiling = case when b.observed_at > now() - make_interval(mins => b.window_minutes) then b.ceiling end;
