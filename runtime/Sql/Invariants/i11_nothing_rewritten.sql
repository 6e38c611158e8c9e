-- $1 how many. Count records, prices, terms, ledger, postings, invoices and audit refuse every change and deletion.
select 'table ' || t.name, 'can be changed: its trigger is missing or disabled', count(*) over ()
from (values ('count_record'), ('ledger_entry'), ('audit'), ('posting'), ('posting_item'), ('posting_total'), ('invoice'), ('invoice_line'), ('line_price'), ('line_terms'), ('line_tier')) as t(name)
where not exists (
    select 1 from pg_trigger g
    where g.tgrelid = to_regclass(t.name) and g.tgname = t.name || '_append_only' and g.tgenabled in ('O', 'A') and g.tgtype & 24 = 24 and g.tgtype & 2 = 2)
order by 1, 2
limit $1;
