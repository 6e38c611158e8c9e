-- $1 msp. Until the end of the transaction nobody else changes what a condition was asked about.
select id from msp where id = $1 for no key update;
