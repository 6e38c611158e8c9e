-- $1 integration, $2 night, $3 due at. Tenants that no reminder knows yet wait for the night.
insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)
select 1, t.id, 'read', t.msp_id, (t.id % 64)::smallint, $3, $2
from product_tenant t
where t.integration_id = $1 and not exists (select 1 from reminder r where r.grain_kind = 1 and r.grain_id = t.id and r.name = 'read')
order by t.id
on conflict do nothing;
