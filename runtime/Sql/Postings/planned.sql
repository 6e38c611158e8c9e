-- $1 msp, $2 plan. What its items said when it was made.
select line_id, line_ver, entry_no, hash, block
from plan_item
where msp_id = $1 and plan_id = $2
order by line_id, line_ver, entry_no;
