-- $1 integration, $2 endpoint, $3 seconds a chunk is valid. A chunk counts for the window after its last call can have been made; empty ones do not count.
delete from vendor_chunk c
using vendor_budget b
where b.integration_id = $1 and b.endpoint = $2 and c.integration_id = $1 and c.endpoint = $2
    and (c.calls = 0 or c.taken_at <= clock_timestamp() - make_interval(mins => b.window_minutes, secs => $3));
