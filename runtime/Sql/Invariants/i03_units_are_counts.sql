-- $1 how many. On every day that is charged, the units in a line's ledger are those of its count records, between minimum and maximum. Up to own_from the PSA
-- charged the opening units by itself, and the ledger has the difference to them. Left out: lines whose contract moved, and
-- lines with terms that only the money core knows: the simulation asks it. What the PSA had charged for the days after a person ended the line is given back.
with opening as (
    select c.line_id, c.effective_on, c.units, c.night
    from count_record c
    where c.source = 'opening'
), numbered as (
    select l.id, l.unit_price, l.currency, l.charged_until, greatest(k.from_on, l.from_on) as from_on, least(k.until_on, l.until_on) as until_on, k.until_on as contract_until, o.effective_on as opening_on, l.period, l.anchor_on, o.night,
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
    select n.id, n.unit_price, n.currency, n.charged_until, n.from_on, n.until_on, n.contract_until, n.opening_on, n.uncounted, n.opening, n.minimum, n.maximum,
        coalesce(
            case when n.period = 0 then n.anchor_on + 7 * (n.number + 1)
                when (n.anchor_on + make_interval(months => n.months * n.number))::date > n.night then (n.anchor_on + make_interval(months => n.months * n.number))::date
                else (n.anchor_on + make_interval(months => n.months * (n.number + 1)))::date end,
            e.first_charged, n.charged_until) as own_from
    from numbered n
    left join (select c.line_id, min(c.period_from) as first_charged from ledger_entry c where c.kind = 'charge' group by c.line_id) e on e.line_id = n.id
), counts as (
    select distinct on (c.line_id, c.effective_on) c.line_id, c.effective_on, c.units
    from count_record c
    order by c.line_id, c.effective_on, c.seq desc
), events as (
    select e.line_id, e.from_on as day, e.units_delta as posted, 0 as counted from ledger_entry e
    union all
    select e.line_id, e.until_on, -e.units_delta, 0 from ledger_entry e
    union all
    select l.id, c.effective_on, 0, least(greatest(c.units, l.minimum), l.maximum)
        - coalesce(lag(least(greatest(c.units, l.minimum), l.maximum)) over (partition by c.line_id order by c.effective_on), l.uncounted)
    from counts c
    join line l on l.id = c.line_id
    union all
    select l.id, l.from_on, 0, case when l.own_from > l.from_on then 0 else l.uncounted end from line l
    union all
    select l.id, l.opening_on, 0, -(l.opening - l.uncounted) from line l where l.opening_on < l.own_from
    union all
    select l.id, l.own_from, 0, case when l.opening_on < l.own_from then l.opening else l.uncounted end from line l where l.own_from > l.from_on
    union all
    select l.id, l.until_on, 0, 0 from line l where l.until_on < l.contract_until
), days as (
    select e.line_id, e.day, sum(sum(e.posted)) over w as posted, sum(sum(e.counted)) over w as counted
    from events e
    group by e.line_id, e.day
    window w as (partition by e.line_id order by e.day)
)
select 'line ' || d.line_id, d.day || ': ' || trim_scale(d.posted) || ' units posted, ' || trim_scale(d.counted) || ' counted', count(*) over ()
from days d
join line l on l.id = d.line_id
where d.posted <> case
    when d.day >= l.from_on and d.day < least(l.until_on, l.charged_until) then d.counted
    when d.day >= l.until_on and d.day >= l.opening_on and d.day < least(l.own_from, l.charged_until, l.contract_until) then -l.opening
    else 0 end
order by 1, 2
limit $1;
