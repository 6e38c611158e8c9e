-- $1 msp. Whoever changes keys, or webhooks, of the msp waits for whoever is doing so.
select 1 from msp where id = $1 for no key update;
