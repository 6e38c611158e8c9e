-- $1 kind, $2 shard, $3 after this grain, $4 how many. One shard at a time, from grain to grain: what this drain has taken is behind it, so that a
-- claim never reads over it again. Skip locked: another silo has them; they are not lost. now() is the transaction's start, so the index can be used.
select id, grain_id, kind, night, cause, attempt > 0
from message
where grain_kind = $1 and shard = $2 and grain_id > $3 and due_at <= now() and parked_reason is null
order by grain_id, night, cause, kind, about
limit $4
for update skip locked;
