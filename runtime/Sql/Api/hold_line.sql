-- $1 msp, $2 hold. Whose hold it is.
select line_id from hold where msp_id = $1 and id = $2;
