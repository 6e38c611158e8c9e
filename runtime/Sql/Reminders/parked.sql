-- $1 msp, $2 how many.
select grain_kind, grain_id, kind as what, parked_reason, parked_at, attempt from message where msp_id = $1 and parked_reason is not null
union all
select grain_kind, grain_id, name, parked_reason, parked_at, attempt from reminder where msp_id = $1 and parked_reason is not null
order by parked_at, grain_kind, grain_id
limit $2;
