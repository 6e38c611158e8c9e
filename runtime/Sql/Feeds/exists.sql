-- $1 msp, $2 feed.
select integration_id from feed where msp_id = $1 and integration_id = $2;
