-- $1 id. One message alone, after the batch it was in failed.
select id, grain_id, kind, night, cause
from message
where id = $1 and parked_reason is null
for update skip locked;
