-- $1 msp, $2 this one only (null for all), $3 before, $4 how many, $5 account or null, $6 state or null, $7 opened on or after this date, and $8 on or before it, or null,
-- $9 integration or null. Dates are days of the msp's zone. The newest first.
select t.id, t.integration_id, t.alert_id, a.id, coalesce(a.name, t.account_remote_id), t.title, t.number, t.link, t.state, t.status_now, v.name, t.opened_at, t.closed_at,
    w.kind, w.state, w.code, w.sentence, p.name
from ticket t
join msp m on m.id = t.msp_id
left join psa_account a on a.integration_id = t.integration_id and a.remote_id = t.account_remote_id
left join lateral (
    select d.name from desk_value d where d.integration_id = t.integration_id and d.list = 'status' and d.remote_id = t.status_now order by d.active desc, d.id limit 1
) v on true
left join lateral (
    select d.name from desk_value d where d.integration_id = t.integration_id and d.list = 'priority' and d.remote_id = t.priority order by d.active desc, d.id limit 1
) p on true
left join lateral (
    select o.kind, o.state, o.code, o.sentence from ticket_write o
    where o.ticket_id = t.id and o.state in ('pending', 'sending', 'in_doubt', 'parked')
    order by o.id
    limit 1
) w on true
where t.msp_id = $1 and ($2::bigint is null or t.id = $2) and t.id < $3
    and ($5::bigint is null or a.id = $5)
    and ($6::text is null or t.state = $6)
    and ($7::date is null or t.opened_at >= ($7::date)::timestamp at time zone m.zone)
    and ($8::date is null or t.opened_at < ($8::date + 1)::timestamp at time zone m.zone)
    and ($9::bigint is null or t.integration_id = $9)
order by t.id desc
limit $4;
