-- $1 msp, $2 posting, $3 after this line, $4 and this version and number as one, $5 how many.
select i.line_id, i.line_ver, i.entry_no, i.kind, i.period_from, i.period_until, i.from_on, i.until_on, i.units_delta, i.unit_price, i.amount, i.currency, i.night,
    i.count_effective_on, i.count_seq, i.count_night, i.count_source, i.corrects_line_ver, i.corrects_entry_no, i.line_name, i.account_id, i.account_name,
    i.contract_id, i.contract_name, i.psa_units, i.held, i.recorded_at, i.period, null::text, i.charged_for, i.price_from, i.terms_from, i.terms_seq, i.psa_effect
from posting_item p
join billing_item i on i.line_id = p.line_id and i.line_ver = p.line_ver and i.entry_no = p.entry_no
where p.msp_id = $1 and p.posting_id = $2 and p.line_id >= $3 and (p.line_id, p.line_ver * 32768::bigint + p.entry_no) > ($3, $4)
order by p.line_id, p.line_ver, p.entry_no
limit $5;
