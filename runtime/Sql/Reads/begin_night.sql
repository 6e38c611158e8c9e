-- $1 integration, $2 night, $3 msp. The night is under way.
insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at)
select $1, $2, $3, 'running', count(*), 0, 0, 0, 0, now()
from reminder r
join product_tenant t on t.id = r.grain_id
where r.grain_kind = 1 and r.name = 'read' and t.integration_id = $1 and r.night <= $2
on conflict (integration_id, night) do update set state = 'running';
