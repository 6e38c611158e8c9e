-- $1 msp, $2 this one only (null for all), $3 after, $4 how many, $5 integration or null, $6 product or null, $7 mapped or null,
-- $8 part of the name or null, $9 the night on which a mapping must hold.
select t.id, t.integration_id, t.product, t.remote_id, t.name, t.customer_remote_id
from product_tenant t
where t.msp_id = $1 and ($2::bigint is null or t.id = $2) and t.id > $3
    and ($5::bigint is null or t.integration_id = $5)
    and ($6::text is null or t.product = $6)
    and ($7::boolean is null or $7 = exists (
        select 1 from tenant_mapping m
        where m.tenant_id = t.id and m.retired_in is null and m.organization_id is not null
            and m.from_on <= $9::date and (m.until_on is null or m.until_on > $9::date)))
    and ($8::text is null or strpos(lower(t.name), lower($8)) > 0)
order by t.id
limit $4;
