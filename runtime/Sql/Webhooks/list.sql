-- $1 msp, $2 this one only (null for all), $3 after, $4 how many. The oldest first, with how the last delivery that was tried ended.
select w.id, w.name, w.url, w.events, w.state, case when w.old_secret_until > now() then w.old_secret_until end, w.created_at, w.created_by, d.state, d.last_status, d.code
from webhook w
left join lateral (
    select o.state, o.last_status, o.code
    -- with much to be delivered, those that nobody has tried come first
    from (select t.id, t.state, t.last_status, t.code, t.attempt from webhook_delivery t where t.webhook_id = w.id order by t.id desc limit 200) o
    where o.attempt > 0
    order by o.id desc
    limit 1
) d on true
where w.msp_id = $1 and ($2::bigint is null or w.id = $2) and w.id > $3 and w.removed_at is null
order by w.id
limit $4;
