-- $1 integration. The snapshot to be handed over next: in the order in which they came, so that a later one has the last word.
select s.id, s.integration_id, s.msp_id, s.as_of, s.complete, s.fed_at, s.taken_through
from feed_snapshot s
where s.integration_id = $1 and s.taken_at is null
order by s.id
limit 1;
