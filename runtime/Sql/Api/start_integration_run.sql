-- $1 msp, $2 integration, $3 kind, $4 who. A run of the same kind that nobody has begun answers this request as well. No row: no such integration.
with waiting as (
    select r.id from run r
    where r.msp_id = $1 and r.kind = $3 and r.grain_kind = 4 and r.grain_id = $2 and r.state = 'running'
    order by r.id
    limit 1
), added as (
    insert into run (msp_id, kind, grain_kind, grain_id)
    select i.msp_id, $3, 4, i.id from integration i where i.msp_id = $1 and i.id = $2 and not exists (select 1 from waiting)
    returning id
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select $1, now(), $4, 'integration.' || $3, 4, $2, '', 'run ' || id || ' is asked for' from added
)
select id from waiting union all select id from added;
