-- $1 msp, $2 identity.
select id, integration_id, organization_id, account_remote_id from alert where msp_id = $1 and identity = $2;
