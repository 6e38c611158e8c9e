-- $1 contracts, $2 from dates, $3 due at. Lines with manual units too: a contract with a later end is charged again.
insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at)
select distinct 5, k.id, k.msp_id, (k.id % 64)::smallint, 'inputs_changed', c.from_on, 2, c.due_at
from unnest($1::bigint[], $2::date[], $3::timestamptz[]) as c(contract_id, from_on, due_at)
join contract k on k.id = c.contract_id
order by 2
-- A pending message that says the same is touched, not left alone: whoever is just taking it looked at the inputs before this commit, so this
-- insert must wait for that turn to end and then stand as a message of its own. One that failed keeps the time of its next attempt.
on conflict (shard, grain_kind, grain_id, night, cause, kind, about) do update
set due_at = case when message.attempt = 0 then least(message.due_at, excluded.due_at) else message.due_at end;
