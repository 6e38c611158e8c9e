-- $1 msp, $2 feed, $3 idempotency key. In the transaction that has locked the feed.
select s.id, s.as_of, s.complete, s.idempotency_key, s.accepted, s.refused, s.fed_at, s.fed_by, s.taken_at, s.request_sha256
from feed_snapshot s
where s.msp_id = $1 and s.integration_id = $2 and s.idempotency_key = $3;
