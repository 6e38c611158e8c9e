-- $1 msp, $2 organization or null, $3 integration or null, $4 the night. The PSAs that a ticket may go to: the one that is named, else those of the organization's
-- account that night, else all of the msp's. Two are enough to see that it is not clear.
with named as (
    select i.id from integration i where i.msp_id = $1 and i.id = $3 and not i.reads_products
), mapped as (
    select distinct a.integration_id as id
    from organization_mapping m
    join psa_account a on a.id = m.account_id
    where m.msp_id = $1 and m.organization_id = $2 and m.retired_in is null and m.from_on <= $4::date and (m.until_on is null or m.until_on > $4::date)
)
select id from named
union all
select id from mapped where $3::bigint is null
union all
select i.id from integration i where i.msp_id = $1 and not i.reads_products and $3::bigint is null and not exists (select 1 from mapped)
order by id
limit 2;
