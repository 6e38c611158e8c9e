-- $1 msp, $2 feed, $3 this one only (null for all), $4 before, $5 how many. The last one first.
select s.id, s.as_of, s.complete, s.idempotency_key, s.accepted, s.refused, s.fed_at, s.fed_by, s.taken_at
from feed_snapshot s
where s.msp_id = $1 and s.integration_id = $2 and ($3::bigint is null or s.id = $3) and s.id < $4
order by s.id desc
limit $5;
