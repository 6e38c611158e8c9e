-- $1 kind, $2 shard, $3 how many. One shard at a time: a claim then rescans only its own shard's dead entries.
-- Skip locked: another silo has them; they are not lost. now() is the transaction's start, so the index can be used.
select id, grain_id, kind, night, cause
from message
where grain_kind = $1 and shard = $2 and due_at <= now() and parked_reason is null
order by due_at, id
limit $3
for update skip locked;
