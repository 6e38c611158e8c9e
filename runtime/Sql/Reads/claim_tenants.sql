-- $1 tenants. The reminders that made them due: gone or moved means that somebody else read them first.
select grain_id, name, night
from reminder
where grain_kind = 1 and grain_id = any($1) and name in ('read', 'refresh') and due_at <= now() and parked_reason is null
order by grain_id, name
for update skip locked;
