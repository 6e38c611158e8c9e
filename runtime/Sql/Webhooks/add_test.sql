-- $1 msp, $2 webhook, $3 actor. Something to deliver that means nothing; no row when nothing is delivered to the webhook.
with written as (
    insert into webhook_delivery (msp_id, webhook_id, event, about, body)
    select w.msp_id, w.id, 'webhook.test', 'test/' || gen_random_uuid(), webhook_body('webhook.test', json_build_object('webhook', json_build_object('id', w.id, 'name', w.name), 'asked_by', $3::text))
    from webhook w
    where w.msp_id = $1 and w.id = $2 and w.state = 'enabled' and w.removed_at is null
    returning id, msp_id, webhook_id
), woken as (
    -- a person waits
    update webhook w set resting_until = least(w.resting_until, now()) from written d where w.id = d.webhook_id
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $3, 'webhook.tested', 0, webhook_id, '', 'delivery ' || id
    from written
)
select id from written;
