-- $1 webhooks that are worked on already, $2 how many. Who has something to be delivered now, the longest due first; a receiver that has just failed rests.
select w.id
from webhook w
cross join lateral (
    select d.due_at from webhook_delivery d
    where d.webhook_id = w.id and d.state in ('pending', 'sending', 'failed') and d.due_at <= now()
    order by d.due_at
    limit 1
) d
where w.state = 'enabled' and w.removed_at is null and w.id <> all($1) and w.resting_until <= now()
order by d.due_at, w.id
limit $2;
