-- $1 msp, $2 posting.
insert into posting_total (posting_id, currency, msp_id, items, amount)
select $2, e.currency, $1, count(*), sum(e.amount)
from posting_item p
join ledger_entry e on e.line_id = p.line_id and e.line_ver = p.line_ver and e.entry_no = p.entry_no
where p.posting_id = $2
group by e.currency
returning currency, items, amount;
