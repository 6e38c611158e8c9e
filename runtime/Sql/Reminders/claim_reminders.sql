-- $1 kind, $2 shard, $3 names, $4 how many.
select grain_id, name, night, attempt > 0
from reminder
where grain_kind = $1 and shard = $2 and name = any($3) and due_at <= now() and parked_reason is null
order by due_at, grain_id
limit $4
for update skip locked;
