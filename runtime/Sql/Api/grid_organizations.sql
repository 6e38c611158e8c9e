-- $1 msp, $2 accounts, $3 night, $4 how many of each are named. The organizations of accounts, by name, and how many each account has.
select n.account_id, n.id, n.name, n.all_of_it
from (
    select m.account_id, o.id, o.name, count(*) over (partition by m.account_id) as all_of_it, row_number() over (partition by m.account_id order by o.name, o.id) as place
    from organization_mapping m
    join organization o on o.id = m.organization_id
    where m.msp_id = $1 and m.account_id = any($2) and m.retired_in is null and m.from_on <= $3::date and (m.until_on is null or m.until_on > $3::date)
) n
where n.place <= $4
order by n.account_id, n.place;
