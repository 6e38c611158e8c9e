-- $1 days to keep, $2 how many. Webhooks that were removed, and of which nothing is left.
delete from webhook
where id = any(array(
    select w.id from webhook w
    where w.removed_at < now() - make_interval(days => $1) and not exists (select 1 from webhook_delivery d where d.webhook_id = w.id)
    order by w.id limit $2));
