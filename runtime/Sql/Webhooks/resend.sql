-- $1 msp, $2 webhook, $3 delivery, $4 actor. Again from the first attempt on, with the same id and the same body; what is under way is left alone.
with again as (
    update webhook_delivery d
    set state = 'pending', attempt = 0, due_at = now(), settled_at = null, code = null, sentence = null
    from webhook_delivery b
    join webhook w on w.id = b.webhook_id
    where d.id = b.id and b.msp_id = $1 and b.webhook_id = $2 and b.id = $3 and d.state in ('failed', 'delivered', 'parked') and w.state = 'enabled' and w.removed_at is null
    returning d.id, d.msp_id, d.webhook_id, b.state
), woken as (
    -- a person waits
    update webhook w set resting_until = least(w.resting_until, now()) from again d where w.id = d.webhook_id
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $4, 'webhook.resent', 0, webhook_id, 'delivery ' || id || ' ' || state, 'pending'
    from again
)
select id from again;
