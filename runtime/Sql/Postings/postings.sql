-- $1 msp, $2 this one only (null for all), $3 before, $4 how many. The newest first.
select p.id, p.kind, p.reverses, r.id, n.id, p.through_on, p.items, p.posted_at, p.posted_by, t.currencies, t.items, t.amounts
from posting p
left join posting r on r.reverses = p.id
left join plan n on n.posting_id = p.id
cross join lateral (
    select array_agg(o.currency order by o.currency) as currencies, array_agg(o.items order by o.currency) as items, array_agg(o.amount order by o.currency) as amounts
    from posting_total o where o.posting_id = p.id
) t
where p.msp_id = $1 and ($2::bigint is null or p.id = $2) and p.id < $3
order by p.id desc
limit $4;
