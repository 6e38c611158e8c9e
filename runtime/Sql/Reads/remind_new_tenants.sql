-- $1 integration, $2 night. A tenant without a reminder is new: it is due for the night now.
insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)
select 1, t.id, 'read', t.msp_id, (t.id % 64)::smallint, now(), $2
from product_tenant t
where t.integration_id = $1 and not exists (select 1 from reminder r where r.grain_kind = 1 and r.grain_id = t.id and r.name = 'read')
order by t.id
on conflict do nothing;
