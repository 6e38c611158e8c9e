-- $1 tenants, $2 versions they were read at, $3 night, $4 next night, $5 when that is due, $6 msp, $7 observed at; and their readings: $8 tenants, $9 metrics,
-- $10 units, $11 evidence, $12 reasons. A read that says nothing new needs no turn: the reading is kept and the tenant waits for its next night.
-- A tenant that somebody holds or read meanwhile, or whose state changed, is left out and stays due.
with still as (
    select r.grain_id
    from unnest($1::bigint[], $2::int[]) as q(id, ver)
    join product_tenant t on t.id = q.id and t.ver = q.ver
    join reminder r on r.grain_kind = 1 and r.grain_id = q.id and r.name = 'read'
    where r.night = $3 and r.due_at <= now() and r.parked_reason is null
        and not exists (select 1 from tenant_count c where c.tenant_id = q.id and c.observed_at >= $7)
    order by r.grain_id
    for update of r skip locked
), moved as (
    update reminder r set due_at = $5, night = $4, attempt = 0
    from still s
    where r.grain_kind = 1 and r.grain_id = s.grain_id and r.name = 'read'
    returning r.grain_id
), kept as (
    insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)
    select n.tenant_id, n.metric, $3,
        coalesce((select max(p.read_no) from reading p where p.tenant_id = n.tenant_id and p.metric = n.metric and p.night = $3), 0) + 1,
        $6, n.units, n.evidence, n.reason, $7
    from unnest($8::bigint[], $9::text[], $10::numeric[], $11::smallint[], $12::text[]) as n(tenant_id, metric, units, evidence, reason)
    join moved m on m.grain_id = n.tenant_id
)
select count(*)::int from moved;
