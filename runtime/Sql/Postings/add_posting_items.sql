-- $1 msp, $2 posting, $3 lines, $4 versions, $5 numbers. An entry that another posting has breaks it: its key is there once.
insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id)
select i.line_id, i.line_ver, i.entry_no, $2, $1 from unnest($3::bigint[], $4::int[], $5::smallint[]) as i(line_id, line_ver, entry_no);
