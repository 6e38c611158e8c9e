-- $1 msp, $2 numbers of invoices, $3 places, $4 lines, $5 their versions, $6 entries, $7 contracts, $8 their names, $9 items in words.
insert into invoice_line (invoice_id, line_no, msp_id, line_id, line_ver, entry_no, contract_id, contract_name, item)
select i.id, w.line_no, $1, w.line_id, w.line_ver, w.entry_no, w.contract_id, w.contract_name, w.item
from unnest($2::bigint[], $3::int[], $4::bigint[], $5::int[], $6::smallint[], $7::bigint[], $8::text[], $9::text[])
    as w(number, line_no, line_id, line_ver, entry_no, contract_id, contract_name, item)
join invoice i on i.msp_id = $1 and i.number = w.number;
