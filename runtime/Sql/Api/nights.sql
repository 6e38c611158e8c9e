-- $1 msp, $2 before this night, as days since the year 1, $3 how many. Nights that any integration has begun, the last first.
select distinct night from night where msp_id = $1 and (night - date '0001-01-01')::bigint < $2::bigint order by night desc limit $3;
