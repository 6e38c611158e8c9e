-- $1 msp, $2 nights, $3 their run times. What is to be said on a night is said when it has begun: a line that hears it before looks at no day of it.
update message m
set due_at = greatest(n.run_at, now())
from unnest($2::date[], $3::timestamptz[]) as n(night, run_at)
where m.msp_id = $1 and m.night = n.night and m.parked_reason is null and (m.due_at > now() or n.run_at > now());
