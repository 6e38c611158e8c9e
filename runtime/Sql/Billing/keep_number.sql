-- $1 msp, $2 the last number given.
update invoice_counter set last_number = $2 where msp_id = $1;
