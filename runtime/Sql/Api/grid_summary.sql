-- $1 msp, $2 products, $3 night. For each product: active accounts with a tenant of it, tenants that reach an account, all tenants.
select p.product, count(distinct a.id), count(distinct t.id) filter (where m.account_id is not null), count(distinct t.id)
from unnest($2::text[]) as p(product)
left join product_tenant t on t.msp_id = $1 and t.product = p.product
left join tenant_mapping tm on tm.tenant_id = t.id and tm.retired_in is null and tm.from_on <= $3::date and (tm.until_on is null or tm.until_on > $3::date)
left join organization_mapping m on m.organization_id = tm.organization_id and m.retired_in is null and m.from_on <= $3::date and (m.until_on is null or m.until_on > $3::date)
left join psa_account a on a.id = m.account_id and a.active
group by p.product
order by p.product;
