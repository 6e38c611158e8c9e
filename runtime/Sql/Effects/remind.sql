-- $1 kinds, $2 grains, $3 names, $4 msps, $5 shards, $6 due at, $7 nights (null keeps the night). A reminder of the same name is replaced.
insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)
select * from unnest($1::smallint[], $2::bigint[], $3::text[], $4::bigint[], $5::smallint[], $6::timestamptz[], $7::date[])
on conflict (grain_kind, grain_id, name) do update
set due_at = excluded.due_at, night = coalesce(excluded.night, reminder.night), attempt = 0, parked_reason = null, parked_at = null;
