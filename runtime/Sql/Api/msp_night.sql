-- $1 msp. The database's instant and what the msp's night follows from.
select now(), zone, night_at from msp where id = $1;
