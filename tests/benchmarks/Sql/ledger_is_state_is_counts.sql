-- $1 night. Lines whose last count is not the expected one, whose ledger does not add up to what the counts moved by, or whose money is further than a
-- cent from the units' share of the period by days.
with counted as (
    select distinct on (line_id) line_id, units from count_record where effective_on <= $1 order by line_id, effective_on desc, seq desc
), opened as (
    select line_id, units from count_record where source = 'opening'
), posted as (
    select line_id, sum(units_delta) as units,
        sum(amount - units_delta * unit_price * (until_on - from_on) / (period_until - period_from)) as rest
    from ledger_entry
    group by line_id
)
select count(*)
from bench_expected e
join counted c using (line_id)
join opened o using (line_id)
left join posted p using (line_id)
where c.units <> e.units or coalesce(p.units, 0) <> c.units - o.units or abs(p.rest) > 0.01;
