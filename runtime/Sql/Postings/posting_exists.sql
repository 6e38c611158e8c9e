-- $1 msp, $2 posting.
select id from posting where msp_id = $1 and id = $2;
