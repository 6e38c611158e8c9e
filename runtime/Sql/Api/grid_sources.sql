-- $1 msp. What counts come from: the kinds of integrations that are read, and the products that feeds tell of.
select distinct i.kind, f.product
from integration i
left join feed f on f.integration_id = i.id
where i.msp_id = $1 and i.reads_products
order by i.kind, f.product;
