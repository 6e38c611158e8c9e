-- $1 msp, $2 run. Until the end of the transaction it neither ends nor goes on.
select id from run where msp_id = $1 and id = $2 for no key update;
