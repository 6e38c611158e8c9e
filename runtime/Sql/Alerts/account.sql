-- $1 msp, $2 account.
select integration_id, remote_id from psa_account where msp_id = $1 and id = $2;
