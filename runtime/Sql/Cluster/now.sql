-- $1 msp.
select now() from msp where id = $1;
