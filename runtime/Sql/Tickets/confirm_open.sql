-- $1 id, $2 attempt, $3 the PSA's id, $4 number or null, $5 link or null, $6 status. The PSA shows the ticket: the units it tells of are told, and whoever waits for a
-- test ticket is answered. Whoever wants to hear of tickets is told.
with confirmed as (
    update ticket_write
    set state = 'confirmed', settled_at = now(), code = null, sentence = null
    where id = $1 and attempt = $2 and state in ('pending', 'sending', 'in_doubt')
    returning ticket_id
), opened as (
    update ticket t
    set state = 'open', remote_id = $3::text, number = $4::text, link = $5::text, status_now = $6
    from confirmed c
    where t.id = c.ticket_id
    returning t.id, t.intent_id, t.msp_id, t.integration_id, t.alert_id, t.title, t.account_remote_id
), announced as (
    insert into webhook_delivery (msp_id, webhook_id, event, about, body)
    select w.msp_id, w.webhook_id, w.event, 'ticket/' || o.id,
        webhook_body(w.event, json_build_object(
            'ticket_id', o.id, 'number', $4::text, 'link', $5::text, 'remote_id', $3::text, 'title', o.title, 'integration_id', o.integration_id, 'alert_id', o.alert_id,
            'account', (select json_build_object('id', a.id, 'name', a.name) from psa_account a where a.integration_id = o.integration_id and a.remote_id = o.account_remote_id)))
    from opened o
    join webhook_wish w on w.msp_id = o.msp_id and w.event = 'ticket.created'
    on conflict do nothing
), told as (
    update intent n
    set state = 'confirmed', code = 'ticket_opened', sentence = null, settled_at = now()
    from opened o
    where n.id = o.intent_id and n.effect = 'ticket' and n.state in ('pending', 'in_doubt', 'parked') and n.desired_units = n.observed_before + n.delta
)
update run r
set state = 'done', code = 'ticket_opened', sentence = 'The PSA has the ticket' || coalesce(' ' || $4::text, '') || '.', finished_at = now(), progress_done = 1, progress_total = 1
from opened o
where r.ticket_id = o.id and r.state = 'running';
