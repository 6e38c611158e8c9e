-- $1 msp, $2 this one only (null for all), $3 before, $4 how many, $5 days that a plan may be applied. The newest first.
select p.id, p.through_on, p.account_id, a.name, p.contract_id, k.name, p.hash, p.items, p.blocked, p.created_at, p.created_by,
    p.created_at + make_interval(days => $5), p.created_at + make_interval(days => $5) < now(), p.posting_id, p.applied_at, p.applied_by,
    t.currencies, t.items, t.amounts, n.contracts, n.names, n.currencies, n.codes, n.adjustments, n.regular
from plan p
left join psa_account a on a.id = p.account_id
left join contract k on k.id = p.contract_id
cross join lateral (
    select array_agg(o.currency order by o.currency) as currencies, array_agg(o.items order by o.currency) as items, array_agg(o.amount order by o.currency) as amounts
    from plan_total o where o.plan_id = p.id
) t
cross join lateral (
    select array_agg(o.contract_id) as contracts, array_agg(o.name) as names, array_agg(o.currency) as currencies, array_agg(o.code) as codes,
        array_agg(o.adjustments) as adjustments, array_agg(o.regular) as regular
    from (
        select w.contract_id, c.name, w.currency, w.code, w.adjustments, w.regular
        from plan_attention w
        join contract c on c.id = w.contract_id
        where w.plan_id = p.id
        order by w.contract_id, w.currency
        limit 100
    ) o
) n
where p.msp_id = $1 and ($2::bigint is null or p.id = $2) and p.id < $3
order by p.id desc
limit $4;
