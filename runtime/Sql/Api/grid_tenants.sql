-- $1 msp, $2 accounts, $3 night, $4 how many of each are named. The product tenants of accounts, by name, and how many of its product each account has.
select n.account_id, n.product, n.id, n.name, n.all_of_it
from (
    select m.account_id, t.product, t.id, t.name, count(*) over (partition by m.account_id, t.product) as all_of_it,
        row_number() over (partition by m.account_id, t.product order by t.name, t.id) as place
    from organization_mapping m
    join tenant_mapping tm on tm.organization_id = m.organization_id and tm.retired_in is null and tm.from_on <= $3::date and (tm.until_on is null or tm.until_on > $3::date)
    join product_tenant t on t.id = tm.tenant_id
    where m.msp_id = $1 and m.account_id = any($2) and m.retired_in is null and m.from_on <= $3::date and (m.until_on is null or m.until_on > $3::date)
) n
where n.place <= $4
order by n.account_id, n.product, n.place;
