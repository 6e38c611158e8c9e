-- $1 how many. Entries of a turn are numbered from 1 without a gap, and one turn alone charges a period. A posting has as many items as it says, and they
-- come to what it says; an entry that was undone is posted, as is what undid it; and nothing waits behind the watermark, where nobody looks.
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
    union all
    select 'posting ' || p.id, 'has ' || i.items || ' items and says ' || p.items
    from posting p
    cross join lateral (select count(*) as items from posting_item o where o.posting_id = p.id) i
    where i.items <> p.items
    union all
    select 'posting ' || t.posting_id, 'comes to ' || coalesce(i.amount, 0) || ' ' || t.currency || ' and says ' || t.amount
    from posting_total t
    left join (
        select p.posting_id, e.currency, sum(e.amount) as amount
        from posting_item p
        join ledger_entry e on e.line_id = p.line_id and e.line_ver = p.line_ver and e.entry_no = p.entry_no
        group by p.posting_id, e.currency
    ) i on i.posting_id = t.posting_id and i.currency = t.currency
    where i.amount is distinct from t.amount
    union all
    select 'line ' || e.line_id, 'version ' || e.line_ver || ', entry ' || e.entry_no || ' undoes one that was not posted, or is not posted itself'
    from ledger_entry e
    where e.kind = 'reversal' and (
        not exists (select 1 from posting_item p where p.line_id = e.line_id and p.line_ver = e.line_ver and p.entry_no = e.entry_no)
        or not exists (select 1 from posting_item p where p.line_id = e.line_id and p.line_ver = e.corrects_line_ver and p.entry_no = e.corrects_entry_no))
    union all
    select 'line ' || e.line_id, 'version ' || e.line_ver || ', entry ' || e.entry_no || ' is ready, and of a night before ' || w.ready_since || ' from which that is looked for'
    from ledger_entry e
    join posting_watermark w on w.msp_id = e.msp_id and e.night < w.ready_since
    where not exists (select 1 from posting_item p where p.line_id = e.line_id and p.line_ver = e.line_ver and p.entry_no = e.entry_no)
) b
order by 1, 2
limit $1;
