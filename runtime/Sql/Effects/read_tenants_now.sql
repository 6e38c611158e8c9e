-- $1 integrations, $2 nights. Tenants whose next night is this one, or an earlier one, are due now; so are those whose read of this
-- very night was given up as failed.
update reminder r
set due_at = now(), night = least(r.night, n.night), attempt = 0, parked_reason = null, parked_at = null
from unnest($1::bigint[], $2::date[]) as n(integration_id, night)
join product_tenant t on t.integration_id = n.integration_id
where r.grain_kind = 1 and r.grain_id = t.id and r.name = 'read' and (r.night <= n.night or exists (
    select 1 from tenant_count c where c.tenant_id = t.id and c.evidence = 4 and c.night <= n.night));
