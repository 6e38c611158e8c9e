-- $1 organizations, $2 from dates, $3 due at. Lines of every account the organization belongs to, or belonged to, since the date.
insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at)
select distinct 5, k.id, k.msp_id, (k.id % 64)::smallint, 'inputs_changed', c.from_on, 2, c.due_at
from unnest($1::bigint[], $2::date[], $3::timestamptz[]) as c(organization_id, from_on, due_at)
join organization_mapping om on om.organization_id = c.organization_id and (om.until_on is null or om.until_on >= c.from_on)
join contract k on k.account_id = om.account_id
order by 2
-- A pending message that says the same is touched, not left alone: whoever is just taking it looked at the inputs before this commit, so this
-- insert must wait for that turn to end and then stand as a message of its own. One that failed keeps the time of its next attempt.
on conflict (shard, grain_kind, grain_id, night, cause, kind, about) do update
set due_at = case when message.attempt = 0 then least(message.due_at, excluded.due_at) else message.due_at end;
