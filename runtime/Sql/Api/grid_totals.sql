-- $1 msp, $2 night. Active accounts with an organization, and all; organizations with an account, and all.
select
    (select count(*) from psa_account a where a.msp_id = $1 and a.active and exists (
        select 1 from organization_mapping m
        where m.account_id = a.id and m.retired_in is null and m.from_on <= $2::date and (m.until_on is null or m.until_on > $2::date))),
    (select count(*) from psa_account a where a.msp_id = $1 and a.active),
    (select count(*) from organization_mapping m
        where m.msp_id = $1 and m.account_id is not null and m.retired_in is null and m.from_on <= $2::date and (m.until_on is null or m.until_on > $2::date)),
    (select count(*) from organization o where o.msp_id = $1);
