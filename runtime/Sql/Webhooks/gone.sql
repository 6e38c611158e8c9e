-- $1 delivery, $2 attempt, $3 status, $4 code, $5 sentence. The receiver wants nothing any more, of this or of anything: the webhook is off until a person says otherwise.
with settled as (
    update webhook_delivery
    set state = 'parked', last_status = $3, code = $4, sentence = $5, settled_at = now()
    where id = $1 and attempt = $2 and state = 'sending'
    returning webhook_id
), ended as (
    update webhook w set state = 'gone' from settled s where w.id = s.webhook_id and w.state = 'enabled' returning w.id, w.msp_id
)
insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
select msp_id, now(), 'silo', 'webhook.gone', 0, id, 'enabled', 'gone: ' || $5
from ended;
