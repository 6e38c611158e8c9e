-- $1 msp, $2 tenants. Their live mappings in order of date.
select m.tenant_id, m.organization_id, o.name, m.from_on, m.until_on
from tenant_mapping m
left join organization o on o.id = m.organization_id
where m.msp_id = $1 and m.tenant_id = any($2) and m.retired_in is null
order by m.tenant_id, m.from_on;
