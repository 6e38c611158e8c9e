-- $1 msp, $2 after this instant, $3 this kind and $4 this grain, $5 how many. Each grain once, with the first of its work that was parked and how much there
-- is; the longest parked first, so that what is parked meanwhile comes after what was seen. The instant is in microseconds since 1970, as exact as it is kept.
with work as (
    select grain_kind, grain_id, kind as what, parked_reason, parked_at, attempt from message where msp_id = $1 and parked_reason is not null
    union all
    select grain_kind, grain_id, name, parked_reason, parked_at, attempt from reminder where msp_id = $1 and parked_reason is not null
), grain as (
    select distinct on (grain_kind, grain_id) grain_kind, grain_id, what, parked_reason, parked_at, attempt,
        count(*) over (partition by grain_kind, grain_id) as pieces, (extract(epoch from parked_at) * 1000000)::bigint as place
    from work
    order by grain_kind, grain_id, parked_at, what
)
select grain_kind, grain_id, what, parked_reason, parked_at, attempt, pieces, place
from grain
where (place, grain_kind, grain_id) > ($2, $3, $4)
order by place, grain_kind, grain_id
limit $5;
