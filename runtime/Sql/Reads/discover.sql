-- $1 integration, $2 msp, $3 products, $4 remote ids, $5 names, $6 customers, $7 night, $8 due at (null for now). Tenants never seen before become grains, due
-- for the night; known ones take the new name. Those already known so are left out first: a conflict locks its row even when nothing is updated, and would wait for
-- whoever holds it.
with met as (
    insert into product_tenant (msp_id, integration_id, product, remote_id, name, customer_remote_id)
    select $2, $1, s.product, s.remote_id, s.name, s.customer_remote_id
    from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as s(product, remote_id, name, customer_remote_id)
    left join product_tenant t on t.integration_id = $1 and t.product = s.product and t.remote_id = s.remote_id
    where t.id is null or (t.name, t.customer_remote_id) is distinct from (s.name, s.customer_remote_id)
    order by s.product, s.remote_id
    on conflict (integration_id, product, remote_id) do update
    set name = excluded.name, customer_remote_id = excluded.customer_remote_id
    where (product_tenant.name, product_tenant.customer_remote_id) is distinct from (excluded.name, excluded.customer_remote_id)
    returning id, msp_id
)
insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)
select 1, m.id, 'read', m.msp_id, (m.id % 64)::smallint, coalesce($8::timestamptz, now()), $7
from met m
where not exists (select 1 from reminder r where r.grain_kind = 1 and r.grain_id = m.id and r.name = 'read')
order by m.id
on conflict do nothing;
