-- $1 tenants, $2 versions they were read at, $3 night, $4 next night, $5 when that is due, $6 msp, $7 observed at; and their readings: $8 tenants, $9 metrics,
-- $10 units, $11 evidence, $12 reasons; and $13 the integration, whose record of the night counts those that were kept, $14 at most. A read that says nothing new
-- needs no turn: the reading is kept and the tenant waits for its next night.
-- A tenant that was read or decided something meanwhile has another version or night: it is left out and stays as it is; those of them that still owe the night are counted
-- second. Whose reminder has moved on was read by somebody else, or by a try of this statement whose answer was lost. One that somebody
-- had read before in this night has a first reading: the key refuses the set, and it is taken as turns, which number on.
with moved as (
    update reminder r set due_at = $5, night = $4, attempt = 0
    from unnest($1::bigint[], $2::int[]) as q(id, ver)
    join product_tenant t on t.id = q.id and t.ver = q.ver
    where r.grain_kind = 1 and r.grain_id = q.id and r.name = 'read' and r.night = $3 and r.due_at <= now() and r.parked_reason is null
    returning r.grain_id
), kept as (
    insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)
    select n.tenant_id, n.metric, $3, 1, $6, n.units, n.evidence, n.reason, $7
    from unnest($8::bigint[], $9::text[], $10::numeric[], $11::smallint[], $12::text[]) as n(tenant_id, metric, units, evidence, reason)
    join moved m on m.grain_id = n.tenant_id
), counted as (
    update night set read = read + least((select count(*) from moved), $14::int) where integration_id = $13 and night = $3 and $14 > 0
)
select (select count(*) from moved)::int, case when (select count(*) from moved) < cardinality($1) then (
    select count(*)
    from unnest($1::bigint[]) as q(id)
    join reminder r on r.grain_kind = 1 and r.grain_id = q.id and r.name = 'read' and r.night <= $3 and r.due_at <= now() and r.parked_reason is null
    where q.id not in (select m.grain_id from moved m))::int else 0 end;
