-- $1 msp. Whoever makes invoices has the msp's numbers until the commit: none is given twice, and what is undone leaves no hole.
insert into invoice_counter as c (msp_id, last_number) values ($1, 0)
on conflict (msp_id) do update set last_number = c.last_number
returning c.last_number;
