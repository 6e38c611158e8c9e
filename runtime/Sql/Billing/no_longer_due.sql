-- $1 msp, $2 lines, $3 their versions, $4 entries. They are on an invoice now.
delete from invoice_due d
using unnest($2::bigint[], $3::int[], $4::smallint[]) as w(line_id, line_ver, entry_no)
where d.msp_id = $1 and d.line_id = w.line_id and d.line_ver = w.line_ver and d.entry_no = w.entry_no;
