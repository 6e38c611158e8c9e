-- $1 how many. What is posted waits for an invoice or is on one, and never both; and nothing else does.
select b.what, b.how, count(*) over ()
from (
    select 'line ' || coalesce(p.line_id, d.line_id, v.line_id) as what,
        'version ' || coalesce(p.line_ver, d.line_ver, v.line_ver) || ', entry ' || coalesce(p.entry_no, d.entry_no, v.entry_no) || ' is '
            || case when p.line_id is null then 'not posted' else 'posted' end || case when d.line_id is null then ', does not wait' else ', waits' end
            || case when v.line_id is null then ' and is not invoiced' else ' and is invoiced' end as how
    from posting_item p
    full join invoice_due d on d.line_id = p.line_id and d.line_ver = p.line_ver and d.entry_no = p.entry_no
    full join (select distinct line_id, line_ver, entry_no from invoice_line) v
        on v.line_id = coalesce(p.line_id, d.line_id) and v.line_ver = coalesce(p.line_ver, d.line_ver) and v.entry_no = coalesce(p.entry_no, d.entry_no)
    where p.line_id is null or (d.line_id is null) = (v.line_id is null)
) b
order by 1, 2
limit $1;
