-- $1 msp, $2 line, $3 who. In the transaction of the line's turn: the line is locked, so that a run which still waits will be answered by the read just asked for.
with waiting as (
    select r.id from run r
    where r.msp_id = $1 and r.kind = 'refresh' and r.grain_kind = 3 and r.grain_id = $2 and r.state = 'running'
    order by r.id
    limit 1
), added as (
    insert into run (msp_id, kind, grain_kind, grain_id)
    select $1, 'refresh', 3, $2 where not exists (select 1 from waiting)
    returning id
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select $1, now(), $3, 'line.refresh', 3, $2, '', 'run ' || id || ' is asked for' from added
)
select id from waiting union all select id from added;
