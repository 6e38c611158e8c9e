-- $1 kind, $2 grains, $3 names, $4 reasons, $5 attempts before parking, $6 seconds until the next attempt.
update reminder r
set attempt = r.attempt + 1,
    due_at = now() + least(interval '1 hour', make_interval(secs => $6) * power(2, r.attempt)),
    parked_reason = case when r.attempt + 1 >= $5 then f.reason end,
    parked_at = case when r.attempt + 1 >= $5 then now() end
from unnest($2::bigint[], $3::text[], $4::text[]) as f(grain_id, name, reason)
where r.grain_kind = $1 and r.grain_id = f.grain_id and r.name = f.name;
