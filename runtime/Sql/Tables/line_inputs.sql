-- $1 lines, $2 first night of interest per line (null for now); an open hold looks further back. The mapped tenants of each line's account with what was read of them.
-- A tenant whose last value has stood since before that night is one row; only one that changed since needs its history.
select i.line_id, i.tenant_id, i.metric, i.from_on, i.until_on, r.night, r.units, r.evidence, r.reason, r.observed_at, i.parked
from (
    select w.line_id, w.since, t.id as tenant_id, b.metric,
        greatest(tm.from_on, om.from_on) as from_on, least(tm.until_on, om.until_on) as until_on,
        tc.units, tc.evidence, tc.reason, tc.night, tc.observed_at, s.credentials = 3 as parked
    from (
        select u.line_id, least(coalesce(u.since, current_date + 1), h.night) as since
        from unnest($1::bigint[], $2::date[]) as u(line_id, since)
        left join hold h on h.line_id = u.line_id and h.resolved_at is null
    ) w
    join service_line l on l.id = w.line_id
    join contract k on k.id = l.contract_id
    join organization_mapping om on om.account_id = k.account_id and om.retired_in is null and (om.until_on is null or om.until_on >= w.since)
    join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null and (tm.until_on is null or tm.until_on >= w.since)
        and (tm.until_on is null or tm.until_on > om.from_on) and (om.until_on is null or om.until_on > tm.from_on)
    join product_tenant t on t.id = tm.tenant_id
    join integration s on s.id = t.integration_id
    join line_basis b on b.line_id = w.line_id and b.product = t.product
    left join tenant_count tc on tc.tenant_id = t.id and tc.metric = b.metric
) i
left join lateral (
    select i.night, i.units, i.evidence, i.reason, i.observed_at where i.night <= i.since
    union all
    select h.night, h.units, h.evidence, h.reason, h.observed_at
    from (
        select distinct on (g.night) g.night, g.units, g.evidence, g.reason, g.observed_at
        from reading g
        where i.night > i.since and g.tenant_id = i.tenant_id and g.metric = i.metric and g.night >= i.since - 40
            and (g.evidence <> 3 or g.reason is not null)
        order by g.night, g.read_no desc
    ) h
) r on true
order by i.line_id, i.tenant_id, i.metric, i.from_on, r.night;
