-- $1 msp, $2 line, $3 version, $4 number: the entry, and then each that the one before it corrects, down to a charge or an adjustment. With the posting that took
-- each and the invoice that shows it.
with recursive chain as (
    select e.line_id, e.line_ver, e.entry_no, e.corrects_line_ver, e.corrects_entry_no, 1 as place
    from ledger_entry e
    where e.msp_id = $1 and e.line_id = $2 and e.line_ver = $3 and e.entry_no = $4
    union all
    select e.line_id, e.line_ver, e.entry_no, e.corrects_line_ver, e.corrects_entry_no, c.place + 1
    from chain c
    join ledger_entry e on e.line_id = c.line_id and e.line_ver = c.corrects_line_ver and e.entry_no = c.corrects_entry_no
    where c.place < $5
)
select i.line_id, i.line_ver, i.entry_no, i.kind, i.period_from, i.period_until, i.from_on, i.until_on, i.units_delta, i.unit_price, i.amount, i.currency, i.night,
    i.count_effective_on, i.count_seq, i.count_night, i.count_source, i.corrects_line_ver, i.corrects_entry_no, i.line_name, i.account_id, i.account_name,
    i.contract_id, i.contract_name, i.psa_units, i.held, i.recorded_at, i.period, i.block, i.charged_for, i.price_from, i.terms_from, i.terms_seq, i.psa_effect, p.posting_id, g.posted_at, g.posted_by, n.id,
    v.id, v.number, b.line_no, v.issued_on
from chain c
join billing_item i on i.line_id = c.line_id and i.line_ver = c.line_ver and i.entry_no = c.entry_no
left join posting_item p on p.line_id = i.line_id and p.line_ver = i.line_ver and p.entry_no = i.entry_no
left join posting g on g.id = p.posting_id
left join plan n on n.posting_id = p.posting_id
left join invoice_line b on b.line_id = i.line_id and b.line_ver = i.line_ver and b.entry_no = i.entry_no
left join invoice v on v.id = b.invoice_id
order by c.place;
