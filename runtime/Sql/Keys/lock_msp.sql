-- $1 msp. Whoever changes keys of the msp waits for whoever is doing so.
select 1 from msp where id = $1 for no key update;
