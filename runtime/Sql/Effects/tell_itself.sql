-- $1 lines, $2 msps, $3 shards, $4 from dates, $5 causes, $6 due at.
insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at)
select 3, t.line_id, t.msp_id, t.shard, 'inputs_changed', t.from_on, t.cause, t.due_at
from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::date[], $5::smallint[], $6::timestamptz[]) as t(line_id, msp_id, shard, from_on, cause, due_at)
order by t.line_id
-- A pending message that says the same is touched, not left alone: whoever is just taking it looked at the inputs before this commit, so this
-- insert must wait for that turn to end and then stand as a message of its own. One that failed keeps the time of its next attempt.
on conflict (shard, grain_kind, grain_id, night, cause, kind, about) do update
set due_at = case when message.attempt = 0 then least(message.due_at, excluded.due_at) else message.due_at end;
