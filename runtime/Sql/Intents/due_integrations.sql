-- $1 whether those that add lines, or the others. PSA integrations with intents to look at now. A parked integration keeps its intents waiting, and one whose vendor is down.
select i.id, i.msp_id, i.kind, i.base_url, i.user_name, i.secret_protected, i.integration_code
from integration i
where i.credentials <> 3 and i.adds_lines = $1
    and not exists (select 1 from vendor_circuit c where c.integration_id = i.id and c.open_until > now())
    and exists (
    select 1 from intent n where n.integration_id = i.id and n.state in ('pending', 'sending', 'in_doubt') and n.due_at <= now()
        and (n.state = 'pending' or n.effect is distinct from 'ticket'))
order by i.id;
