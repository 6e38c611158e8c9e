-- $1 msp, $2 line, $3 after this line version and $4 entry, $5 how many.
select line_ver, entry_no, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night,
    count_effective_on, count_seq, recorded_at, price_from, charged_for, terms_from, terms_seq
from ledger_entry
where msp_id = $1 and line_id = $2 and (line_ver::bigint, entry_no::bigint) > ($3::bigint, $4::bigint)
order by line_ver, entry_no
limit $5;
