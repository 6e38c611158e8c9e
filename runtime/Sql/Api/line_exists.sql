-- $1 msp, $2 line.
select id from service_line where msp_id = $1 and id = $2;
