-- $1 msp, $2 feed, $3 idempotency key, $4 hash of the request, $5 as of, $6 complete, $7 accepted, $8 refused, $9 by whom. The feed is locked, so by the clock later
-- ones are later; this transaction may have begun before the one that it waited for.
insert into feed_snapshot (msp_id, integration_id, idempotency_key, request_sha256, as_of, complete, accepted, refused, fed_at, fed_by)
select f.msp_id, f.integration_id, $3, $4, $5, $6, $7, $8, clock_timestamp(), $9
from feed f
where f.msp_id = $1 and f.integration_id = $2
returning id;
