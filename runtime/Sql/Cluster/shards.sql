-- $1 msp, $2 the most messages that are counted. Shards in which messages of the msp wait.
select m.shard, count(*) filter (where m.parked_reason is null and m.due_at <= now()), count(*) filter (where m.parked_reason is null and m.due_at > now()),
    count(*) filter (where m.parked_reason is not null), min(m.due_at) filter (where m.parked_reason is null and m.due_at <= now())
from (select x.shard, x.due_at, x.parked_reason from message x where x.msp_id = $1 limit $2) m
group by m.shard
order by m.shard;
