-- $1 integrations. Pending intents waited for credentials; what is in flight keeps its own times.
update intent n
set due_at = now()
from unnest($1::bigint[]) as w(integration_id)
where n.integration_id = w.integration_id and n.state = 'pending';
