-- $1 shards. Seconds that the oldest due work has waited. Messages are few except in a night; integrations (4) and their tenants (1) stay due until the
-- vendor has answered, which is slower than turns are; lines' reminders (3) are found by one index probe for each shard.
select 'due_age', 'message', coalesce(extract(epoch from now() - min(m.due_at)), 0)::float8
from message m
where m.parked_reason is null and m.due_at <= now()
union all
select 'due_age', 'read', coalesce(extract(epoch from now() - min(r.due_at)), 0)::float8
from reminder r
where r.grain_kind in (1, 4) and r.parked_reason is null and r.due_at <= now()
union all
select 'due_age', 'reminder', coalesce(extract(epoch from now() - min(d.due_at)), 0)::float8
from generate_series(0, $1 - 1) as s(shard)
cross join lateral (
    select r.due_at from reminder r
    where r.grain_kind = 3 and r.shard = s.shard and r.parked_reason is null and r.due_at <= now()
    order by r.due_at
    limit 1
) d
order by 2;
