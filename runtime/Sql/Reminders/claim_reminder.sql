-- $1 kind, $2 grain, $3 name. One reminder alone, after the batch it was in failed.
select grain_id, name, night
from reminder
where grain_kind = $1 and grain_id = $2 and name = $3 and due_at <= now() and parked_reason is null
for update skip locked;
