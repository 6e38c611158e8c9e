-- $1 msp, $2 how many. The integrations that a night reads.
select id from integration where msp_id = $1 and reads_products order by id limit $2;
