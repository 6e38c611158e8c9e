-- $1 msp, $2 this one only (null for all), $3 after, $4 how many. Each with how many accounts it knows and what it was told last.
select i.id, i.name, f.product, f.metrics, i.night_cursor, i.created_at,
    (select count(*) from product_tenant t where t.integration_id = i.id),
    s.id, s.as_of, s.complete, s.idempotency_key, s.accepted, s.refused, s.fed_at, s.fed_by, s.taken_at
from feed f
join integration i on i.id = f.integration_id
left join lateral (
    select n.id, n.as_of, n.complete, n.idempotency_key, n.accepted, n.refused, n.fed_at, n.fed_by, n.taken_at
    from feed_snapshot n
    where n.integration_id = i.id
    order by n.id desc
    limit 1
) s on true
where f.msp_id = $1 and ($2::bigint is null or i.id = $2) and i.id > $3
order by i.id
limit $4;
