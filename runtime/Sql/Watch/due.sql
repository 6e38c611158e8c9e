-- $1 shards, $2 kinds of grain. Seconds that the oldest due work has waited: one index probe for each shard and kind. Integrations
-- (4) and their tenants (1) stay due until the vendor has answered, which is slower than turns are.
select 'due_age', d.kind, coalesce(max(extract(epoch from now() - d.due_at)), 0)::float8
from (
    select 'message' as kind, (
        select m.due_at from message m
        where m.shard = s.shard and m.grain_kind = g.kind and m.parked_reason is null and m.due_at <= now()
        order by m.due_at limit 1) as due_at
    from generate_series(0, $1 - 1) as s(shard), unnest($2::smallint[]) as g(kind)
    union all
    select case when g.kind in (1, 4) then 'read' else 'reminder' end, (
        select r.due_at from reminder r
        where r.shard = s.shard and r.grain_kind = g.kind and r.parked_reason is null and r.due_at <= now()
        order by r.due_at limit 1)
    from generate_series(0, $1 - 1) as s(shard), unnest($2::smallint[]) as g(kind)
) d
group by d.kind
order by d.kind;
