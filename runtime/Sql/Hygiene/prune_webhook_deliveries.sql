-- $1 days to keep, $2 how many. However they ended: what could not be delivered for so long is no news any more.
delete from webhook_delivery
where id = any(array(select id from webhook_delivery where created_at < now() - make_interval(days => $1) order by id limit $2));
