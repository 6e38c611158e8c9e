-- $1 msp, $2 account.
select id from psa_account where msp_id = $1 and id = $2;
