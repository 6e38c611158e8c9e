-- $1 msp, $2 line. The last entry that the line's turns wrote.
select line_ver, entry_no
from ledger_entry
where msp_id = $1 and line_id = $2
order by line_ver desc, entry_no desc
limit 1;
