-- $1 msp, $2 integration, $3 kind. A run of the same kind that nobody has begun answers this request as well. No row: no such integration.
with waiting as (
    select r.id from run r
    where r.msp_id = $1 and r.kind = $3 and r.grain_kind = 4 and r.grain_id = $2 and r.state = 'running' and r.claimed_at is null
    order by r.id
    limit 1
), added as (
    insert into run (msp_id, kind, grain_kind, grain_id)
    select i.msp_id, $3, 4, i.id from integration i where i.msp_id = $1 and i.id = $2 and not exists (select 1 from waiting)
    returning id
)
select id from waiting union all select id from added;
