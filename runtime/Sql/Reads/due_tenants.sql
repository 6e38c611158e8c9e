-- $1 integration, $2 night, $3 when the pass began. Tenants due for their night, or for a read somebody asked for before that: who asked while the vendor was
-- answering wants a later look than this one. Those of one account come one after the other, so that the account's lines hear of all of them at once. Each
-- looks for its own reminders, so that the others' are not gone through. Last, how many tenants the integration has in all.
select t.id, t.product, t.remote_id, t.ver, d.requested, d.night, d.for_night, tm.organization_id is not null, om.account_id,
    (select count(*) from product_tenant a where a.integration_id = $1)
from product_tenant t
cross join lateral (
    select bool_or(r.name = 'refresh') as requested, min(r.night) filter (where r.name = 'read') as night, bool_or(r.name = 'read') as for_night
    from reminder r
    where r.grain_kind = 1 and r.grain_id = t.id and r.due_at <= now() and r.parked_reason is null and (r.name <> 'refresh' or r.due_at <= $3)
) d
left join tenant_mapping tm on tm.tenant_id = t.id and tm.retired_in is null and tm.from_on <= $2 and (tm.until_on is null or tm.until_on > $2)
left join organization_mapping om on om.organization_id = tm.organization_id and om.retired_in is null and om.from_on <= $2 and (om.until_on is null or om.until_on > $2)
where t.integration_id = $1 and d.for_night is not null
order by om.account_id, t.id;
