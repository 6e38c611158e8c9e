-- $1 msp, $2 account or null, $3 contract or null, $4 through, $5 from and $6 to or null. What "ready" lists, summed per currency and by what keeps it back.
select i.currency, i.block, count(*)::int, sum(i.amount)
from billing_item i
where i.msp_id = $1
    and i.night >= (select coalesce(max(w.ready_since), date '-infinity') from posting_watermark w where w.msp_id = $1)
    and ($2::bigint is null or i.account_id = $2)
    and ($3::bigint is null or i.contract_id = $3)
    and (i.kind <> 'charge' or case when i.in_advance then i.period_from else i.period_until - 1 end <= $4::date)
    and ($5::date is null or i.until_on > $5)
    and ($6::date is null or i.from_on <= $6)
    and not exists (select 1 from posting_item p where p.line_id = i.line_id and p.line_ver = i.line_ver and p.entry_no = i.entry_no)
group by i.currency, i.block
order by i.currency, i.block nulls first;
