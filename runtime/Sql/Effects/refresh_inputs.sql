-- $1 lines, $2 nights. Every tenant that feeds the line tonight is due for a read somebody asked for.
insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)
select distinct 1, t.id, 'refresh', t.msp_id, (t.id % 64)::smallint, now(), w.night
from unnest($1::bigint[], $2::date[]) as w(line_id, night)
join service_line l on l.id = w.line_id
join contract k on k.id = l.contract_id
join organization_mapping om on om.account_id = k.account_id and om.retired_in is null and om.from_on <= w.night and (om.until_on is null or om.until_on > w.night)
join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null and tm.from_on <= w.night and (tm.until_on is null or tm.until_on > w.night)
join product_tenant t on t.id = tm.tenant_id
join line_basis b on b.line_id = l.id and b.product = t.product
order by 2
on conflict (grain_kind, grain_id, name) do update set due_at = excluded.due_at, night = excluded.night, attempt = 0, parked_reason = null, parked_at = null;
