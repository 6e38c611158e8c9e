-- $1 msp, $2 lines or null for all, $3 after, $4 how many, $5 contract or null, $6 account or null, $7 the last night: everything is as it is on that night.
select l.id, a.name, k.name, l.name, l.basis, b.metrics, c.units, coalesce(p.unit_price, l.unit_price), l.currency,
    case when t.line_id is null then l.minimum else t.minimum end, case when t.line_id is null then l.maximum else t.maximum end, t.included, t.commitment,
    coalesce(t.in_advance, l.in_advance), coalesce(t.unit_rounding, l.rounding),
    t.mode, t.change_day, t.day_count, t.line_style, t.line_rounding, t.unit_price_rounding, t.increases, t.decreases, t.closed_periods_back_max
from service_line l
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
left join lateral (
    select r.unit_price from line_price r
    where l.extra <> 0 and r.line_id = l.id and r.effective_on <= $7::date
    order by r.effective_on desc, r.seq desc
    limit 1
) p on true
left join lateral (
    select r.line_id, r.minimum, r.maximum, r.included, r.commitment, r.in_advance, r.unit_rounding, r.mode, r.change_day, r.day_count, r.line_style, r.line_rounding, r.unit_price_rounding,
        r.increases, r.decreases, r.closed_periods_back_max
    from line_terms r
    where l.extra <> 0 and r.line_id = l.id and r.from_on <= $7::date
    order by r.from_on desc, r.seq desc
    limit 1
) t on true
left join lateral (
    select string_agg(m.product || '/' || m.metric, ' ' order by m.product, m.metric) as metrics
    from line_basis m where m.line_id = l.id
) b on true
left join lateral (
    select r.units from count_record r
    where r.line_id = l.id and r.effective_on <= $7::date
    order by r.effective_on desc, r.seq desc
    limit 1
) c on true
where l.msp_id = $1 and ($2::bigint[] is null or l.id = any($2)) and l.id > $3
    and ($5::bigint is null or l.contract_id = $5) and ($6::bigint is null or k.account_id = $6)
order by l.id
limit $4;
