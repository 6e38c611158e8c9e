-- $1 kind. Which shards have something due, said to the grains themselves or to their contracts: a few index probes per shard.
select s.shard
from generate_series(0, 63) as s(shard)
where exists (select 1 from message m where m.shard = s.shard and m.grain_kind = $1 and m.due_at <= now() and m.parked_reason is null)
    or exists (select 1 from message m where m.shard = s.shard and m.grain_kind = 5 and m.due_at <= now() and m.parked_reason is null)
    or exists (select 1 from reminder r where r.shard = s.shard and r.grain_kind = $1 and r.due_at <= now() and r.parked_reason is null)
order by s.shard;
