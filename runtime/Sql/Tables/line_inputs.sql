-- $1 accounts, $2 products, $3 metrics, $4 first night of interest. The mapped tenants of each account with what was read of them, once for all the lines
-- of a batch that add up the metric. A tenant whose last value has stood since before is one row; only one that
-- changed since needs its history. A line that looks less far back than the others of its account takes its own part.
select i.account_id, i.product, i.metric, i.tenant_id, i.from_on, i.until_on, i.mapped_at, i.parked,
    i.night, i.units, i.evidence, i.reason, i.observed_at, r.night, r.units, r.evidence, r.reason, r.observed_at,
    i.fed
from (
    select w.account_id, w.product, w.metric, w.since, t.id as tenant_id,
        greatest(tm.from_on, om.from_on) as from_on, least(tm.until_on, om.until_on) as until_on,
        greatest(tm.recorded_at, om.recorded_at) as mapped_at,
        tc.units, tc.evidence, tc.reason, tc.night, tc.observed_at, s.credentials = 3 as parked, s.kind = 'feed' as fed
    from unnest($1::bigint[], $2::text[], $3::text[], $4::date[]) as w(account_id, product, metric, since)
    join organization_mapping om on om.account_id = w.account_id and om.retired_in is null and (om.until_on is null or om.until_on >= w.since)
    join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null and (tm.until_on is null or tm.until_on >= w.since)
        and (tm.until_on is null or tm.until_on > om.from_on) and (om.until_on is null or om.until_on > tm.from_on)
    join product_tenant t on t.id = tm.tenant_id and t.product = w.product
    join integration s on s.id = t.integration_id
    left join tenant_count tc on tc.tenant_id = t.id and tc.metric = w.metric
) i
left join lateral (
    select distinct on (g.night) g.night, g.units, g.evidence, g.reason, g.observed_at
    from reading g
    where i.night > i.since and g.tenant_id = i.tenant_id and g.metric = i.metric and g.night >= i.since - 40
        and (g.evidence <> 3 or g.reason is not null)
    order by g.night, g.read_no desc
) r on true
order by i.account_id, i.product, i.metric, i.tenant_id, i.from_on, r.night;
