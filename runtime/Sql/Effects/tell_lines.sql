-- $1 tenants, $2 metrics (null for all), $3 from dates, $4 causes, $5 due at. One join finds every contract of the accounts that a tenant feeds, or fed
-- since the date; which of its lines add the metric up is looked at when the message to the contract is claimed.
insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, about, due_at)
select distinct 5, k.id, k.msp_id, (k.id % 64)::smallint, 'inputs_changed', c.from_on, c.cause, t.product || '/' || coalesce(c.metric || '/', ''), c.due_at
from unnest($1::bigint[], $2::text[], $3::date[], $4::smallint[], $5::timestamptz[]) as c(tenant_id, metric, from_on, cause, due_at)
join product_tenant t on t.id = c.tenant_id
join tenant_mapping tm on tm.tenant_id = c.tenant_id and (tm.until_on is null or tm.until_on >= c.from_on)
    and (c.cause = 2 or tm.retired_in is null)
join organization_mapping om on om.organization_id = tm.organization_id and om.retired_in is null and (om.until_on is null or om.until_on >= c.from_on)
join contract k on k.account_id = om.account_id
where exists (select 1 from service_line l where l.contract_id = k.id and l.basis = 2)
order by 2
-- A pending message that says the same is touched, not left alone: whoever is just taking it looked at the inputs before this commit, so this
-- insert must wait for that turn to end and then stand as a message of its own. One that failed keeps the time of its next attempt.
on conflict (shard, grain_kind, grain_id, night, cause, kind, about) do update
set due_at = case when message.attempt = 0 then least(message.due_at, excluded.due_at) else message.due_at end;
