-- $1 integration, $2 organizations, $3 the night. The PSA's account that each is mapped to; no row: it is another PSA's, or none.
select m.organization_id, a.remote_id
from organization_mapping m
join psa_account a on a.id = m.account_id and a.integration_id = $1
where m.organization_id = any($2) and m.retired_in is null and m.from_on <= $3::date and (m.until_on is null or m.until_on > $3::date)
order by m.organization_id;
