-- $1 integration, $2 night. Whoever moves the night on starts the run; nobody else does.
with moved as (
    update integration set reconciled_night = $2
    where id = $1 and (reconciled_night is null or reconciled_night < $2)
    returning id, msp_id
)
insert into run (msp_id, kind, grain_kind, grain_id)
select m.msp_id, 'reconcile', 4, m.id from moved m
returning id;
