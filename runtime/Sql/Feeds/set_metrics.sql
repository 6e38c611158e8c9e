-- $1 msp, $2 feed, $3 metrics. No row: the msp has no such feed.
update feed set metrics = $3 where msp_id = $1 and integration_id = $2 returning integration_id;
