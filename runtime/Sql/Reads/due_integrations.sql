-- Integrations whose reading is due. A parked one has no reminder; one that another silo reads is found out by its lock;
-- one whose vendor is down is left alone.
select i.id, i.msp_id, i.kind, i.base_url, i.user_name, i.secret_protected, i.integration_code, i.failures, r.night
from reminder r
join integration i on i.id = r.grain_id
where r.grain_kind = 4 and r.name = 'read' and r.due_at <= now() and r.parked_reason is null and i.credentials <> 3
    and not exists (select 1 from vendor_circuit c where c.integration_id = i.id and c.open_until > now())
order by r.due_at, i.id;
