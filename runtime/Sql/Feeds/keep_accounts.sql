-- $1 msp, $2 feed, $3 ids, $4 names, $5 the next night, $6 when it begins. Accounts become product tenants, known ones take the new name. Each wakes at the next
-- night, when what it was told of this one is looked through.
with met as (
    insert into product_tenant (msp_id, integration_id, product, remote_id, name)
    select f.msp_id, f.integration_id, f.product, a.remote_id, a.name
    from unnest($3::text[], $4::text[]) as a(remote_id, name)
    join feed f on f.msp_id = $1 and f.integration_id = $2
    left join product_tenant t on t.integration_id = f.integration_id and t.product = f.product and t.remote_id = a.remote_id
    where t.id is null or t.name <> a.name
    order by a.remote_id
    on conflict (integration_id, product, remote_id) do update
    set name = excluded.name
    where product_tenant.name <> excluded.name
    returning id, msp_id
)
insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)
select 1, m.id, 'read', m.msp_id, (m.id % 64)::smallint, $6, $5
from met m
where not exists (select 1 from reminder r where r.grain_kind = 1 and r.grain_id = m.id and r.name = 'read')
order by m.id
on conflict do nothing;
