-- $1 ids, $2 reason, $3 attempts before parking, $4 seconds until the next attempt at the first failure (doubled each time, an hour at most).
update message
set attempt = attempt + 1,
    due_at = now() + least(interval '1 hour', make_interval(secs => $4) * power(2, attempt)),
    parked_reason = case when attempt + 1 >= $3 then $2 end,
    parked_at = case when attempt + 1 >= $3 then now() end
where id = any($1);
