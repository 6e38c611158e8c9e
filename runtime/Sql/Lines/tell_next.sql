-- $1 lines. Whoever follows a line hears that the PSA's units before its first day have moved.
insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at)
select 3, l.id, l.msp_id, l.shard, 'inputs_changed', l.from_on, 4, now()
from unnest($1::bigint[]) as t(line_id)
join service_line l on l.follows = t.line_id
order by l.id
-- A pending message that says the same is touched, not left alone: whoever is just taking it looked at the inputs before this commit, so this
-- insert must wait for that turn to end and then stand as a message of its own. One that failed keeps the time of its next attempt.
on conflict (shard, grain_kind, grain_id, night, cause, kind, about) do update
set due_at = case when message.attempt = 0 then least(message.due_at, excluded.due_at) else message.due_at end;
