-- $1 msp, $2 line, $3 day, $4 as it was known at this instant, $5 how many. The tenants that fed the line that day, with both mappings and what had last been read
-- of them. A mapping that was replaced later had not been replaced then; a night on which nobody looked says nothing.
select t.id, t.name, b.product, b.metric, r.night, r.units, r.evidence, r.reason, r.observed_at,
    o.id, o.name, tm.version, tm.from_on, tm.until_on, tm.recorded_at, a.id, a.name, om.version, om.from_on, om.until_on, om.recorded_at
from service_line l
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
join line_basis b on b.line_id = l.id
join organization_mapping om on om.account_id = a.id and om.from_on <= $3::date and (om.until_on is null or om.until_on > $3::date) and om.recorded_at <= $4::timestamptz
    and not exists (
        select 1 from organization_mapping n where n.organization_id = om.organization_id and n.version = om.retired_in and n.recorded_at <= $4::timestamptz)
join organization o on o.id = om.organization_id
join tenant_mapping tm on tm.organization_id = o.id and tm.from_on <= $3::date and (tm.until_on is null or tm.until_on > $3::date) and tm.recorded_at <= $4::timestamptz
    and not exists (select 1 from tenant_mapping n where n.tenant_id = tm.tenant_id and n.version = tm.retired_in and n.recorded_at <= $4::timestamptz)
join product_tenant t on t.id = tm.tenant_id and t.product = b.product
left join lateral (
    select g.night, g.units, g.evidence, g.reason, g.observed_at
    from reading g
    where g.tenant_id = t.id and g.metric = b.metric and g.night <= $3::date and g.observed_at <= $4::timestamptz and (g.evidence <> 3 or g.reason is not null)
    order by g.night desc, g.read_no desc
    limit 1
) r on true
where l.msp_id = $1 and l.id = $2
order by b.product, b.metric, t.id, tm.version desc
limit $5;
