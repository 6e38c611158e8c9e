-- $1 msp, $2 posting. The lock on the msp's postings is held, and entries never change.
select e.line_id, e.line_ver, e.entry_no, e.kind, e.period_from, e.period_until, e.from_on, e.until_on, e.units_delta, e.unit_price, e.amount, e.currency, e.night,
    e.count_effective_on, e.count_seq, e.price_from, e.charged_for, e.terms_from, e.terms_seq
from posting_item p
join ledger_entry e on e.line_id = p.line_id and e.line_ver = p.line_ver and e.entry_no = p.entry_no
where p.msp_id = $1 and p.posting_id = $2
order by e.line_id, e.line_ver, e.entry_no;
