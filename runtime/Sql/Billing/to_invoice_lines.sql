-- $1 msp, $2 contract or null, $3 through or null, $4 accounts, $5 their currencies. The entries of some invoices, in the order in which they are printed.
select a.id, e.currency, d.line_id, d.line_ver, d.entry_no, k.id, k.name, l.name, e.kind, e.period_from, e.period_until, e.from_on, e.until_on,
    e.units_delta, e.amount, e.unit_price, e.charged_for
from unnest($4::bigint[], $5::text[]) as w(account_id, currency)
join psa_account a on a.id = w.account_id
join contract k on k.account_id = a.id
join service_line l on l.contract_id = k.id
join invoice_due d on d.msp_id = $1 and d.line_id = l.id
join ledger_entry e on e.line_id = d.line_id and e.line_ver = d.line_ver and e.entry_no = d.entry_no and e.currency = w.currency
where ($2::bigint is null or k.id = $2)
    and ($3::date is null or e.kind <> 'charge' or case when case when l.extra < 2 then l.in_advance else coalesce((
            select t.in_advance from line_terms t where t.line_id = l.id and t.from_on <= e.period_from order by t.from_on desc, t.seq desc limit 1), l.in_advance) end
        then e.period_from else e.period_until - 1 end <= $3)
order by a.id, e.currency, k.name, k.id, l.name, l.id, e.period_from, e.from_on, e.line_ver, e.entry_no;
