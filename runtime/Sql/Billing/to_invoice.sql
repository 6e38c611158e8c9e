-- $1 msp, $2 account or null, $3 contract or null, $4 through or null, $5 most lines of an invoice, $6 how many.
-- What is posted and on no invoice yet, by account and currency; what becomes an invoice comes first. A charge is billed when its period begins
-- (in advance) or ends (in arrears); every later truth about a period at once.
select a.id, a.name, e.currency, sum(e.amount), count(*)
from invoice_due d
join ledger_entry e on e.line_id = d.line_id and e.line_ver = d.line_ver and e.entry_no = d.entry_no
join service_line l on l.id = d.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
where d.msp_id = $1 and ($2::bigint is null or a.id = $2) and ($3::bigint is null or k.id = $3)
    and ($4::date is null or e.kind <> 'charge' or case when case when l.extra < 2 then l.in_advance else coalesce((
            select t.in_advance from line_terms t where t.line_id = l.id and t.from_on <= e.period_from order by t.from_on desc, t.seq desc limit 1), l.in_advance) end
        then e.period_from else e.period_until - 1 end <= $4)
group by a.id, a.name, e.currency
order by sum(e.amount) < 0 or count(*) > $5, a.id, e.currency
limit $6;
