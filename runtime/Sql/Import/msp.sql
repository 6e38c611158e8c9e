-- $1 msp.
select now(), zone, night_at, currency from msp where id = $1;
