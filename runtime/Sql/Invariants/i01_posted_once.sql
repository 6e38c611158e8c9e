-- $1 how many. Entries of a turn are numbered from 1 without a gap, and one turn alone charges a period.
select b.what, b.how, count(*) over ()
from (
    select 'line ' || e.line_id as what, 'version ' || e.line_ver || ' has ' || count(*) || ' entries numbered ' || min(e.entry_no) || ' to ' || max(e.entry_no) as how
    from ledger_entry e
    group by e.line_id, e.line_ver
    having min(e.entry_no) <> 1 or max(e.entry_no) <> count(*)
    union all
    select 'line ' || e.line_id, 'the period from ' || e.period_from || ' is charged by ' || count(distinct e.line_ver) || ' turns'
    from ledger_entry e
    where e.kind = 'charge'
    group by e.line_id, e.period_from
    having count(distinct e.line_ver) > 1
) b
order by 1, 2
limit $1;
