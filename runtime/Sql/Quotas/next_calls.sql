-- $1 integration, $2 endpoint, $3 seconds a chunk is valid, $4 longest wait in seconds. Seconds until the oldest chunk leaves the window; without
-- any, others have used everything up, and only asking the vendor again can tell that there is more.
select least($4, greatest(1, coalesce(ceil(extract(epoch from
    min(c.taken_at) + make_interval(mins => b.window_minutes, secs => $3) - clock_timestamp())), $4)))::int
from vendor_budget b
left join vendor_chunk c on c.integration_id = b.integration_id and c.endpoint = b.endpoint
where b.integration_id = $1 and b.endpoint = $2
group by b.window_minutes;
