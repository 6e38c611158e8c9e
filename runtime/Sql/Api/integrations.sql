-- $1 msp, $2 this one only (null for all), $3 after, $4 how many. The secret is not read. A chunk counts a minute longer than the window, in which it is used.
select i.id, i.kind, i.name, i.base_url, i.user_name, i.reads_products, i.credentials, i.credential_reason, i.night_cursor, i.failures, i.created_at,
    c.open_until, c.reason, q.used, q.allowed, q.used_by_others, q.observed_at, i.integration_code
from integration i
left join vendor_circuit c on c.integration_id = i.id
left join lateral (
    select u.used, least(b.allowed, b.ceiling) as allowed, b.used_by_others, b.observed_at
    from vendor_budget b
    cross join lateral (
        select coalesce(sum(k.calls), 0)::int as used
        from vendor_chunk k
        where k.integration_id = b.integration_id and k.endpoint = b.endpoint and k.taken_at > now() - make_interval(mins => b.window_minutes, secs => 60)
    ) u
    where b.integration_id = i.id
    order by least(b.allowed, b.ceiling) - u.used, b.endpoint
    limit 1
) q on true
where i.msp_id = $1 and ($2::bigint is null or i.id = $2) and i.id > $3
order by i.id
limit $4;
