-- $1 tenants, $2 when the pass began. The reminders that made them due: gone or moved means that somebody else read them first. A read that was asked for
-- later is left for a pass that begins later.
select grain_id, name, night
from reminder
where grain_kind = 1 and grain_id = any($1) and name in ('read', 'refresh') and due_at <= now() and parked_reason is null and (name = 'read' or due_at <= $2)
order by grain_id, name
for update skip locked;
