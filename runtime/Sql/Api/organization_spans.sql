-- $1 msp, $2 organizations. Their live mappings in order of date.
select m.organization_id, m.account_id, a.name, m.from_on, m.until_on
from organization_mapping m
left join psa_account a on a.id = m.account_id
where m.msp_id = $1 and m.organization_id = any($2) and m.retired_in is null
order by m.organization_id, m.from_on;
