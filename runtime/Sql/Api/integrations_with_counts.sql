-- $1 msp, $2 how many. The integrations that a night reads; a feed is told.
select id from integration where msp_id = $1 and reads_products and kind <> 'feed' order by id limit $2;
