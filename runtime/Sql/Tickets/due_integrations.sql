-- PSA integrations that are owed something about tickets now. A parked integration keeps it waiting, and one whose vendor is down.
select i.id, i.msp_id, i.kind, i.base_url, i.user_name, i.secret_protected, i.integration_code
from integration i
where i.credentials <> 3
    and not exists (select 1 from vendor_circuit c where c.integration_id = i.id and c.open_until > now())
    and exists (select 1 from ticket_write w where w.integration_id = i.id and w.state in ('pending', 'sending', 'in_doubt') and w.due_at <= now())
order by i.id;
