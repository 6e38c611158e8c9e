-- $1 lines. Integrations with a tenant that somebody wants read wake now; a parked one has no reminder and sleeps on.
update reminder r
set due_at = least(r.due_at, now())
where r.grain_kind = 4 and r.name = 'read' and r.grain_id in (
    select distinct t.integration_id
    from unnest($1::bigint[]) as w(line_id)
    join service_line l on l.id = w.line_id
    join contract k on k.id = l.contract_id
    join organization_mapping om on om.account_id = k.account_id and om.retired_in is null
    join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null
    join product_tenant t on t.id = tm.tenant_id
    join line_basis b on b.line_id = l.id and b.product = t.product);
