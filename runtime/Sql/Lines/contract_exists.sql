-- $1 msp, $2 contract.
select id from contract where msp_id = $1 and id = $2;
