-- $1 how many. The amounts of a period are its exact total rounded once, less what the PSA had charged by itself; and every entry has its line's price and
-- currency, for days of its own period. Left out of the sums: lines whose contract moved.
-- Left out of prices, too: lines with terms that only the money core knows; the simulation asks it. And of lines with several prices the periods that the PSA had
-- begun to charge: at which of them is nowhere on record.
with opening as (
    select c.line_id, c.effective_on, c.units, c.night
    from count_record c
    where c.source = 'opening'
), numbered as (
    select l.id, l.extra, l.unit_price, l.currency, l.charged_until, greatest(k.from_on, l.from_on) as from_on, k.until_on, o.effective_on as opening_on, l.period, l.anchor_on, o.night,
        case l.period when 1 then 1 when 2 then 3 when 3 then 6 when 4 then 12 end as months,
        case when l.period = 0 then floor((o.night - l.anchor_on) / 7.0)::int
            else floor(((extract(year from o.night) - extract(year from l.anchor_on)) * 12 + extract(month from o.night) - extract(month from l.anchor_on))
                / case l.period when 1 then 1 when 2 then 3 when 3 then 6 else 12 end)::int end as number,
        least(greatest(0, l.minimum), l.maximum) as uncounted, least(greatest(o.units, l.minimum), l.maximum) as opening, l.minimum, l.maximum
    from service_line l
    join contract k on k.id = l.contract_id
    left join opening o on o.line_id = l.id
    where l.id in (select p.id from plain_line p) and not exists (select 1 from audit a where a.grain_kind = 5 and a.grain_id = k.id and a.action = 'contract.observed')
), line as (
    select n.id, n.extra, n.unit_price, n.currency, n.charged_until, n.from_on, n.until_on, n.opening_on, n.uncounted, n.opening, n.minimum, n.maximum,
        coalesce(
            case when n.period = 0 then n.anchor_on + 7 * (n.number + 1)
                when (n.anchor_on + make_interval(months => n.months * n.number))::date > n.night then (n.anchor_on + make_interval(months => n.months * n.number))::date
                else (n.anchor_on + make_interval(months => n.months * (n.number + 1)))::date end,
            e.first_charged, n.charged_until) as own_from
    from numbered n
    left join (select c.line_id, min(c.period_from) as first_charged from ledger_entry c where c.kind = 'charge' group by c.line_id) e on e.line_id = n.id
), period as (
    select e.line_id, e.period_from, e.period_until, sum(e.amount) as posted, sum(e.units_delta * e.unit_price * (e.until_on - e.from_on)) as exact
    from ledger_entry e
    group by e.line_id, e.period_from, e.period_until
), total as (
    select p.line_id, p.period_from, p.posted, p.exact, p.period_until - p.period_from as days,
        case l.currency when 'BHD' then 3 when 'IQD' then 3 when 'JOD' then 3 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'TND' then 3
            else case when l.currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0 else 2 end end as decimals,
        case when p.period_from >= l.own_from then 0 else l.unit_price * (
            l.uncounted * greatest(0, least(coalesce(l.opening_on, p.period_until), p.period_until, l.until_on) - greatest(p.period_from, l.from_on))
            + coalesce(l.opening * greatest(0, least(p.period_until, l.until_on) - greatest(p.period_from, l.opening_on, l.from_on)), 0)) end as before
    from period p
    join line l on l.id = p.line_id
    where l.extra & 1 = 0 or p.period_from >= l.own_from
)
select b.what, b.how, count(*) over ()
from (
    select 'line ' || t.line_id as what, 'the period from ' || t.period_from || ' has ' || t.posted || ' and must have '
        || round((t.before + t.exact) / t.days, t.decimals) - round(t.before / t.days, t.decimals) as how
    from total t
    where t.posted <> round((t.before + t.exact) / t.days, t.decimals) - round(t.before / t.days, t.decimals)
    union all
    select 'line ' || e.line_id, 'version ' || e.line_ver || ', entry ' || e.entry_no || ' is of another price, currency or period'
    from ledger_entry e
    join service_line l on l.id = e.line_id
    where (e.unit_price <> l.unit_price and l.id in (select p.id from plain_line p)
            and not exists (select 1 from line_price p where p.line_id = e.line_id and p.unit_price = e.unit_price))
         or e.currency <> l.currency or e.from_on < e.period_from or e.until_on > e.period_until or e.until_on <= e.from_on
) b
order by 1, 2
limit $1;
