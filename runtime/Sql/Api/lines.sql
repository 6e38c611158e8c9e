-- $1 msp, $2 this one only (null for all), $3 after, $4 how many, $5 contract or null, $6 account or null, $7 held or null, $8 basis or null,
-- $9 the last night. Units, price, timing, minimum and maximum are those of that night.
-- Verified through: the night up to which every mapped input was read with a number that can be billed; null when one never was.
select l.id, l.name, a.id, a.name, k.id, k.name, k.from_on, k.until_on,
    coalesce(p.unit_price, l.unit_price), l.unit_cost, l.currency, l.period, coalesce(t.in_advance, l.in_advance),
    case when t.line_id is null then l.minimum else t.minimum end, case when t.line_id is null then l.maximum else t.maximum end, l.basis, b.products, b.metrics,
    c.units, c.effective_on, v.verified_through, l.charged_until, l.refresh_asked_at,
    h.id, h.reason, h.night, h.previous_units, h.proposed_units, h.agreeing,
    n.id, n.desired_units, n.effective_on, n.sent_on, n.state, n.code, n.sentence, n.psa_effect,
    greatest(k.from_on, l.from_on), least(k.until_on, l.until_on), l.follows, (select f.id from service_line f where f.follows = l.id)
from service_line l
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
left join lateral (
    select r.unit_price from line_price r
    where l.extra <> 0 and r.line_id = l.id and r.effective_on <= $9::date
    order by r.effective_on desc, r.seq desc
    limit 1
) p on true
left join lateral (
    select r.line_id, r.minimum, r.maximum, r.in_advance from line_terms r
    where l.extra <> 0 and r.line_id = l.id and r.from_on <= $9::date
    order by r.from_on desc, r.seq desc
    limit 1
) t on true
left join hold h on h.line_id = l.id and h.resolved_at is null
left join lateral (
    select array_agg(m.product order by m.product, m.metric) as products, array_agg(m.metric order by m.product, m.metric) as metrics
    from line_basis m where m.line_id = l.id
) b on true
left join lateral (
    select r.units, r.effective_on from count_record r
    where r.line_id = l.id and r.effective_on <= $9::date
    order by r.effective_on desc, r.seq desc
    limit 1
) c on true
left join lateral (
    select case when bool_and(g.night is not null) then min(g.night) end as verified_through
    from line_basis m
    join organization_mapping om on om.account_id = k.account_id and om.retired_in is null
        and om.from_on <= $9::date and (om.until_on is null or om.until_on > $9::date)
    join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null
        and tm.from_on <= $9::date and (tm.until_on is null or tm.until_on > $9::date)
    join product_tenant t on t.id = tm.tenant_id and t.product = m.product
    left join tenant_count n on n.tenant_id = t.id and n.metric = m.metric
    -- mostly the newest reading is one, and then no older one is looked for
    cross join lateral (select case when n.evidence in (1, 5, 6) then n.night else (
        select r.night from reading r
        where r.tenant_id = t.id and r.metric = m.metric and r.evidence in (1, 5, 6)
        order by r.night desc
        limit 1
    ) end as night) g
    where m.line_id = l.id
) v on true
left join lateral (
    select i.id, i.desired_units, i.effective_on, i.sent_on, i.state, i.code, i.sentence, psa_effect(i)
    from intent i
    where i.line_id = l.id
    order by i.id desc
    limit 1
) n on true
where l.msp_id = $1 and ($2::bigint is null or l.id = $2) and l.id > $3
    and ($5::bigint is null or l.contract_id = $5)
    and ($6::bigint is null or k.account_id = $6)
    and ($7::boolean is null or $7 = (h.id is not null))
    and ($8::smallint is null or l.basis = $8)
order by l.id
limit $4;
