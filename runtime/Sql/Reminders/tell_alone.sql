-- $1 kind of grain, $2 shard, $3 grains, $4 msps, $5 kinds, $6 nights, $7 causes, $8 attempts, $9 seconds until they are due. What grains could not hear
-- together with the others of their contract each hears alone.
insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, attempt, due_at)
select $1, a.grain_id, a.msp_id, $2, a.kind, a.night, a.cause, a.attempt, now() + make_interval(secs => a.seconds)
from unnest($3::bigint[], $4::bigint[], $5::text[], $6::date[], $7::smallint[], $8::smallint[], $9::double precision[])
    as a(grain_id, msp_id, kind, night, cause, attempt, seconds)
order by a.grain_id, a.night, a.cause
on conflict (shard, grain_kind, grain_id, night, cause, kind, about) do update
set due_at = case when message.attempt = 0 then least(message.due_at, excluded.due_at) else message.due_at end;
