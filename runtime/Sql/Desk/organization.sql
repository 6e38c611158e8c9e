-- $1 msp, $2 organization.
select id from organization where msp_id = $1 and id = $2;
