-- $1 integration. An account for tickets.
select remote_id from psa_account where integration_id = $1 and active and name <> 'Demo MSP' order by id limit 1;
