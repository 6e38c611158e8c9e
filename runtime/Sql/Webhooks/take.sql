-- $1 webhook, $2 how many, $3 seconds until a silo that has not said how it ended is given up. Committed before the first byte leaves. Others take other rows.
with due as (
    select d.id
    from webhook_delivery d
    where d.webhook_id = $1 and d.state in ('pending', 'sending', 'failed') and d.due_at <= now()
    order by d.due_at, d.id
    limit $2
    for no key update of d skip locked
)
update webhook_delivery d
set state = 'sending', attempt = d.attempt + 1, due_at = now() + make_interval(secs => $3)
from due, webhook w
where d.id = due.id and w.id = d.webhook_id and w.state = 'enabled' and w.removed_at is null
returning d.id, d.webhook_id, d.attempt, d.message_id, d.body, w.msp_id, w.url, w.secret_protected, case when w.old_secret_until > now() then w.old_secret_protected end, now();
