-- $1 how many. Each date on which the units that a PSA bills change has an intent, and the newest intent of a line and date wishes what the count records say.
-- A line that a person ended has no units from that day on, unless another goes on in its place: then those days are that one's. Allowed: any state of the intent; the
-- opening units, and those that were taken over, which the PSA had before. Left out: lines whose minimum and maximum changed, and contracts
-- whose PSA hears of changes by the month.
with counts as (
    select distinct on (c.line_id, c.effective_on) c.line_id, c.effective_on, c.units, c.source
    from count_record c
    order by c.line_id, c.effective_on, c.seq desc
), ended as (
    select l.id, l.until_on, l.followed from service_line l join contract k on k.id = l.contract_id and l.until_on < k.until_on
), bounded as (
    select n.line_id, n.effective_on, least(greatest(n.units, l.minimum), l.maximum) as clamped, n.source
    from counts n
    join service_line l on l.id = n.line_id
    left join ended e on e.id = n.line_id
    where e.id is null or n.effective_on < e.until_on
    union all
    select n.line_id, n.effective_on, 0, n.source from counts n join ended e on e.id = n.line_id and not e.followed and n.effective_on > e.until_on
    union all
    select e.id, e.until_on, 0, 'ended' from ended e where not e.followed
), billed as (
    select c.line_id, c.effective_on, c.source,
        case l.rounding when 1 then ceil(c.clamped) when 2 then round(c.clamped) else floor(c.clamped) end as units,
        lag(case l.rounding when 1 then ceil(c.clamped) when 2 then round(c.clamped) else floor(c.clamped) end) over (partition by c.line_id order by c.effective_on) as before
    from bounded c
    join service_line l on l.id = c.line_id
), newest as (
    select distinct on (n.line_id, n.effective_on) n.line_id, n.effective_on, n.desired_units
    from intent n
    where not exists (select 1 from ended e where e.id = n.line_id and e.followed and e.until_on <= n.effective_on)
    order by n.line_id, n.effective_on, n.id desc
)
select b.what, b.how, count(*) over ()
from (
    select 'line ' || c.line_id as what, 'bills ' || trim_scale(c.units) || ' units from ' || c.effective_on || ', and no PSA will hear of it' as how
    from billed c
    left join newest n on n.line_id = c.line_id and n.effective_on = c.effective_on
    join service_line l on l.id = c.line_id
    join contract k on k.id = l.contract_id and k.unit_timing = 0
    where c.source not in ('opening', 'taken_over') and l.extra < 2 and c.before is not null and c.units <> c.before and n.line_id is null
    union all
    select 'line ' || n.line_id, 'wishes ' || trim_scale(n.desired_units) || ' units from ' || n.effective_on || ' and bills ' || coalesce(trim_scale(c.units)::text, 'none')
    from newest n
    join service_line l on l.id = n.line_id
    join contract k on k.id = l.contract_id and k.unit_timing = 0
    left join billed c on c.line_id = n.line_id and c.effective_on = n.effective_on
    where l.extra < 2 and c.units is distinct from n.desired_units
) b
order by 1, 2
limit $1;
