-- $1 msp, $2 lines, $3 versions, $4 numbers.
select i.line_id, i.line_ver, i.entry_no, i.kind, i.period_from, i.period_until, i.from_on, i.until_on, i.units_delta, i.unit_price, i.amount, i.currency, i.night,
    i.count_effective_on, i.count_seq, i.count_night, i.count_source, i.corrects_line_ver, i.corrects_entry_no, i.line_name, i.account_id, i.account_name,
    i.contract_id, i.contract_name, i.psa_units, i.held, i.recorded_at, i.period, null::text, i.charged_for, i.price_from, i.terms_from, i.terms_seq, i.psa_effect
from unnest($2::bigint[], $3::int[], $4::smallint[]) as w(line_id, line_ver, entry_no)
join billing_item i on i.line_id = w.line_id and i.line_ver = w.line_ver and i.entry_no = w.entry_no
where i.msp_id = $1
order by i.line_id, i.line_ver, i.entry_no;
