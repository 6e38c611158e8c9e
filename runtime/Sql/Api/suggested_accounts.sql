-- $1 msp, $2 after, $3 how many, $4 night. Organizations without an account, now or planned, and the active accounts that they may belong to: the PSA's own id first, then the
-- same name but for spelling. More than one of either decides nothing.
with page as materialized (
    select o.id, o.name, o.remote_id, o.name_key
    from organization o
    where o.msp_id = $1 and o.id > $2 and not exists (
        select 1 from organization_mapping m
        where m.organization_id = o.id and m.retired_in is null and m.account_id is not null and (m.until_on is null or m.until_on > $4::date))
    order by o.id
    limit $3
)
select o.id, o.name, null::text, i.ids, i.id, i.name, n.names, n.id, n.name
from page o
cross join lateral (
    select count(*) as ids, min(a.id) as id, min(a.name) as name from psa_account a where a.msp_id = $1 and a.active and a.remote_id = o.remote_id
        and (select count(*) from integration p where p.msp_id = $1 and not p.reads_products) = 1 and not exists (
            select 1 from product_tenant t where t.msp_id = $1 and t.customer_remote_id = o.remote_id)) i
cross join lateral (
    select count(*) as names, min(a.id) as id, min(a.name) as name from psa_account a
    where a.msp_id = $1 and a.active and a.name_key = o.name_key and o.name_key <> '') n
order by o.id;
