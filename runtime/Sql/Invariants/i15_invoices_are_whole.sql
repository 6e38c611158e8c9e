-- $1 how many. An msp's invoices are numbered from 1 without a hole, to the last number that its counter gave. An invoice has as many lines as it says, numbered from 1,
-- of entries in its currency, and they come to what it says. An entry is on one invoice at most.
with line as (
    select v.invoice_id, count(*) as lines, min(v.line_no) as first_no, max(v.line_no) as last_no, coalesce(sum(e.amount), 0) as amount,
        count(e.line_id) filter (where e.currency = o.currency) as own
    from invoice_line v
    join invoice o on o.id = v.invoice_id
    left join ledger_entry e on e.line_id = v.line_id and e.line_ver = v.line_ver and e.entry_no = v.entry_no
    group by v.invoice_id
)
select b.what, b.how, count(*) over ()
from (
    select 'msp ' || coalesce(c.msp_id, o.msp_id) as what, 'has ' || coalesce(o.invoices, 0) || ' invoices numbered ' || coalesce(o.first_number, 0) || ' to '
        || coalesce(o.last_number, 0) || ', and gave numbers to ' || coalesce(c.last_number, 0) as how
    from invoice_counter c
    full join (
        select i.msp_id, count(*) as invoices, min(i.number) as first_number, max(i.number) as last_number from invoice i group by i.msp_id
    ) o on o.msp_id = c.msp_id
    where coalesce(o.first_number, 1) <> 1 or coalesce(o.last_number, 0) <> coalesce(o.invoices, 0) or coalesce(c.last_number, 0) <> coalesce(o.last_number, 0)
    union all
    select 'invoice ' || o.id, 'has ' || coalesce(l.lines, 0) || ' lines numbered ' || coalesce(l.first_no, 0) || ' to ' || coalesce(l.last_no, 0) || ' and says ' || o.lines
    from invoice o
    left join line l on l.invoice_id = o.id
    where (l.lines, l.first_no, l.last_no) is distinct from (o.lines::bigint, 1, o.lines)
    union all
    select 'invoice ' || o.id, 'comes to ' || l.amount || ' and says ' || o.total
    from invoice o
    join line l on l.invoice_id = o.id
    where l.amount <> o.total
    union all
    select 'invoice ' || o.id, 'has ' || l.lines - l.own || ' lines that are not in ' || o.currency
    from invoice o
    join line l on l.invoice_id = o.id
    where l.own <> l.lines
    union all
    select 'line ' || v.line_id, 'version ' || v.line_ver || ', entry ' || v.entry_no || ' is on ' || count(*) || ' invoices'
    from invoice_line v
    group by v.line_id, v.line_ver, v.entry_no
    having count(*) > 1
) b
order by 1, 2
limit $1;
