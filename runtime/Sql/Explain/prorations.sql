-- $1 msp, $2 line, $3 from and $4 to or null: days that entries touch, $5 after this version, $6 and number, $7 how many. With the posting that took each and the invoice that shows it.
select i.line_id, i.line_ver, i.entry_no, i.kind, i.period_from, i.period_until, i.from_on, i.until_on, i.units_delta, i.unit_price, i.amount, i.currency, i.night,
    i.count_effective_on, i.count_seq, i.count_night, i.count_source, i.corrects_line_ver, i.corrects_entry_no, i.line_name, i.account_id, i.account_name,
    i.contract_id, i.contract_name, i.psa_units, i.held, i.recorded_at, i.period, i.block, i.charged_for, i.price_from, i.terms_from, i.terms_seq, i.psa_effect, p.posting_id, g.posted_at, g.posted_by, n.id,
    v.id, v.number, b.line_no, v.issued_on
from billing_item i
left join posting_item p on p.line_id = i.line_id and p.line_ver = i.line_ver and p.entry_no = i.entry_no
left join posting g on g.id = p.posting_id
left join plan n on n.posting_id = p.posting_id
left join invoice_line b on b.line_id = i.line_id and b.line_ver = i.line_ver and b.entry_no = i.entry_no
left join invoice v on v.id = b.invoice_id
where i.msp_id = $1 and i.line_id = $2
    and ($3::date is null or i.until_on > $3)
    and ($4::date is null or i.from_on <= $4)
    and (i.line_ver::bigint, i.entry_no::bigint) > ($5::bigint, $6::bigint)
order by i.line_ver, i.entry_no
limit $7;
