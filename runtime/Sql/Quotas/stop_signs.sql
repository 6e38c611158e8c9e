-- $1 integration. Whether its credentials are refused, whether its circuit is or was open, how many seconds it still is, and whether it is a product's or a PSA's.
select i.credentials = 3, c.integration_id is not null, coalesce(ceil(extract(epoch from c.open_until - clock_timestamp())), 0)::int, i.reads_products
from integration i
left join vendor_circuit c on c.integration_id = i.id
where i.id = $1;
