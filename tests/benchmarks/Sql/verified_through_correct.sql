-- $1 night. Lines of which some tenant's last reading is not of this night: verified through is the oldest of them.
with last as (
    select tenant_id, metric, max(night) as night from reading where evidence = 1 group by tenant_id, metric
)
select count(distinct l.id)
from service_line l
join contract k on k.id = l.contract_id
join organization_mapping om on om.account_id = k.account_id and om.retired_in is null
join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null
join line_basis b on b.line_id = l.id
left join last r on r.tenant_id = tm.tenant_id and r.metric = b.metric
where r.night is distinct from $1;
