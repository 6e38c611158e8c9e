-- $1 msp, $2 integration. No row: no such PSA.
select i.id, i.unit_timing from integration i where i.msp_id = $1 and i.id = $2 and not i.reads_products;
