-- $1 the plan's posting. Whether it has every entry of this month once, and comes to what they come to.
select count(*) = (select count(*) from ledger_entry e where e.line_ver = -1000)
    and sum(e.amount) = (select sum(t.amount) from posting_total t where t.posting_id = $1)
from posting_item p
join ledger_entry e on e.line_id = p.line_id and e.line_ver = p.line_ver and e.entry_no = p.entry_no and e.line_ver = -1000
where p.posting_id = $1;
