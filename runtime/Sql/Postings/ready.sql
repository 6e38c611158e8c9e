-- $1 msp, $2 account or null, $3 contract or null, $4 through, $5 from and $6 to or null: days that items touch, $7 after this line, $8 and this version and
-- number as one, $9 how many. Entries that no posting took: a charge once its period has begun, in arrears with the period's last day; any other at once.
select i.line_id, i.line_ver, i.entry_no, i.kind, i.period_from, i.period_until, i.from_on, i.until_on, i.units_delta, i.unit_price, i.amount, i.currency, i.night,
    i.count_effective_on, i.count_seq, i.count_night, i.count_source, i.corrects_line_ver, i.corrects_entry_no, i.line_name, i.account_id, i.account_name,
    i.contract_id, i.contract_name, i.psa_units, i.held, i.recorded_at, i.period, i.block, i.charged_for, i.price_from, i.terms_from, i.terms_seq, i.psa_effect
from billing_item i
where i.msp_id = $1
    and i.night >= coalesce((select w.ready_since from posting_watermark w where w.msp_id = $1), date '-infinity')
    and ($2::bigint is null or i.account_id = $2)
    and ($3::bigint is null or i.contract_id = $3)
    and (i.kind <> 'charge' or case when i.in_advance then i.period_from else i.period_until - 1 end <= $4::date)
    and ($5::date is null or i.until_on > $5)
    and ($6::date is null or i.from_on <= $6)
    and i.line_id >= $7 and (i.line_id, i.line_ver * 32768::bigint + i.entry_no) > ($7, $8)
    and not exists (select 1 from posting_item p where p.line_id = i.line_id and p.line_ver = i.line_ver and p.entry_no = i.entry_no)
order by i.line_id, i.line_ver, i.entry_no
limit $9;
