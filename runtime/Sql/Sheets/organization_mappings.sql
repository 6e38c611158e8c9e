-- $1 msp, $2 organizations or null for all, $3 after, $4 how many organizations. What is said of each: a row for each date from which it belongs to an account, or to none again; without any, one row.
select t.id, t.name, s.account_id, a.name, s.from_on, s.until_on
from (select x.id, x.name from organization x where x.msp_id = $1 and ($2::bigint[] is null or x.id = any($2)) and x.id > $3 order by x.id limit $4) t
left join lateral (
    select m.account_id, m.from_on, m.until_on
    from organization_mapping m
    where m.organization_id = t.id and m.retired_in is null
    union all
    select null, m.until_on, null
    from organization_mapping m
    where m.organization_id = t.id and m.retired_in is null and m.until_on is not null
        and not exists (select 1 from organization_mapping f where f.organization_id = t.id and f.retired_in is null and f.from_on = m.until_on)
) s on true
left join psa_account a on a.id = s.account_id
order by t.id, s.from_on;
