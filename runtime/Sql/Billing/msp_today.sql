-- $1 msp. The database's instant, and the zone in which it is a date.
select now(), zone from msp where id = $1;
