-- $1 msp, $2 integration. The msp first, as whoever gives names does; until the end of the transaction nobody else changes what a condition was asked about.
with named as materialized (select m.id from msp m where m.id = $1 for no key update)
select i.id from named n join integration i on i.msp_id = n.id where i.id = $2 for no key update of i;
