-- $1 msp, $2 snapshot. What became of each row, in the order in which they were sent.
select r.row_no, r.external_id, r.metric, r.units, r.code, r.field, r.sentence
from feed_row r
where r.msp_id = $1 and r.snapshot_id = $2
order by r.row_no;
