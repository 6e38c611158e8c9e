-- $1 months to keep, $2 how many. Notices that were sent and have no last word of a line any more. What waits for a person stays.
delete from notice
where id = any(array(
    select n.id from notice n
    where n.state = 'sent' and n.settled_at < now() - make_interval(months => $1) and not exists (select 1 from notice_item i where i.notice_id = n.id)
    order by n.id limit $2));
