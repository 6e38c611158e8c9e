-- $1 msp, $2 integration. Whoever changes it waits for whoever is doing so.
select kind, name, base_url, user_name
from integration
where msp_id = $1 and id = $2
for no key update;
