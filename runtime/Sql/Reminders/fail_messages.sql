-- $1 ids, $2 reasons, $3 attempts before parking, $4 seconds until the next attempt at the first failure (doubled each time, an hour at most).
update message m
set attempt = m.attempt + 1,
    due_at = now() + least(interval '1 hour', make_interval(secs => $4) * power(2, m.attempt)),
    parked_reason = case when m.attempt + 1 >= $3 then f.reason end,
    parked_at = case when m.attempt + 1 >= $3 then now() end
from unnest($1::bigint[], $2::text[]) as f(id, reason)
where m.id = f.id;
