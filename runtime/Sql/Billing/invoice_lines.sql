-- $1 msp, $2 invoice. In the order in which they are printed.
select v.contract_id, v.contract_name, v.line_id, v.line_ver, v.entry_no, v.item, e.kind, e.period_from, e.period_until, e.from_on, e.until_on,
    e.units_delta, e.unit_price, e.amount
from invoice_line v
join ledger_entry e on e.line_id = v.line_id and e.line_ver = v.line_ver and e.entry_no = v.entry_no
where v.msp_id = $1 and v.invoice_id = $2
order by v.line_no;
