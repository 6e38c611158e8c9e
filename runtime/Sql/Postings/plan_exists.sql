-- $1 msp, $2 plan.
select id from plan where msp_id = $1 and id = $2;
