-- $1 msp, $2 nights, $3 their run times. What waits for one of the nights waits for its run time; one that has passed is now.
-- A tenant that is due for a night which has not begun here waits again: read now, it would be a second reading of the night before.
-- Who asked for a read waits for no night.
update reminder r
set due_at = greatest(n.run_at, now())
from unnest($2::date[], $3::timestamptz[]) as n(night, run_at)
where r.msp_id = $1 and r.night = n.night and r.parked_reason is null and r.name <> 'refresh'
    and (r.due_at > now() or (r.grain_kind = 1 and r.name = 'read' and n.run_at > now()));
