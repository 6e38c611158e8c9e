-- $1 msp, $2 integration.
select kind from integration where msp_id = $1 and id = $2;
