-- $1 delivery, $2 attempt, $3 state, $4 status or null, $5 code or null, $6 sentence or null, $7 seconds until it is tried again, $8 seconds that the receiver rests. Only for the
-- attempt that it is about: a silo that was given up changes nothing.
with settled as (
    update webhook_delivery
    set state = $3, last_status = $4::int, code = $5, sentence = $6, due_at = now() + make_interval(secs => $7), settled_at = case when $3 in ('delivered', 'parked') then now() end
    where id = $1 and attempt = $2 and state = 'sending'
    returning webhook_id
)
update webhook w
set resting_until = now() + make_interval(secs => $8)
from settled s
where w.id = s.webhook_id and $8::float8 > 0;
