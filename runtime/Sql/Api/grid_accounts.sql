-- $1 msp, $2 after, $3 how many, $4 integration or null, $5 part of the name of the account or of an organization of it, or null, $6 product or null: only accounts
-- without a tenant of it, $7 whether only accounts without any organization, $8 the night on which mappings hold.
select a.id, a.name, a.active, a.integration_id
from psa_account a
where a.msp_id = $1 and a.id > $2 and ($4::bigint is null or a.integration_id = $4)
    and ($5::text is null or strpos(lower(a.name), lower($5)) > 0 or exists (
        select 1 from organization_mapping m join organization o on o.id = m.organization_id
        where m.account_id = a.id and m.retired_in is null and m.from_on <= $8::date and (m.until_on is null or m.until_on > $8::date) and strpos(lower(o.name), lower($5)) > 0))
    and ($6::text is null or not exists (
        select 1 from organization_mapping m
        join tenant_mapping tm on tm.organization_id = m.organization_id and tm.retired_in is null and tm.from_on <= $8::date and (tm.until_on is null or tm.until_on > $8::date)
        join product_tenant t on t.id = tm.tenant_id and t.product = $6
        where m.account_id = a.id and m.retired_in is null and m.from_on <= $8::date and (m.until_on is null or m.until_on > $8::date)))
    and (not $7::boolean or not exists (
        select 1 from organization_mapping m
        where m.account_id = a.id and m.retired_in is null and m.from_on <= $8::date and (m.until_on is null or m.until_on > $8::date)))
order by a.id
limit $3;
