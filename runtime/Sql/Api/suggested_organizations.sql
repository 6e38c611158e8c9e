-- $1 msp, $2 after, $3 how many, $4 night. Product tenants without an organization, now or planned, and those that they may belong to: the vendor's own id first, then
-- the same name but for spelling. More than one of either decides nothing.
with page as materialized (
    select t.id, t.name, t.product, t.customer_remote_id, name_key(t.name) as name_key
    from product_tenant t
    where t.msp_id = $1 and t.id > $2 and not exists (
        select 1 from tenant_mapping m
        where m.tenant_id = t.id and m.retired_in is null and m.organization_id is not null and (m.until_on is null or m.until_on > $4::date))
    order by t.id
    limit $3
)
select t.id, t.name, t.product, i.ids, i.id, i.name, n.names, n.id, n.name
from page t
cross join lateral (
    select count(*) as ids, min(o.id) as id, min(o.name) as name from organization o where o.msp_id = $1 and o.remote_id = t.customer_remote_id) i
cross join lateral (
    select count(*) as names, min(o.id) as id, min(o.name) as name from organization o where o.msp_id = $1 and o.name_key = t.name_key and t.name_key <> '') n
order by t.id;
