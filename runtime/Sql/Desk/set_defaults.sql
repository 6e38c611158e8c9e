-- $1 msp, $2 integration, $3 fields, $4 values, $5 whether synced. All of them: what is not there is left to the PSA.
with gone as (
    delete from desk_default where integration_id = $2 and field <> all($3)
)
insert into desk_default (integration_id, field, msp_id, value, synced)
select $2, s.field, $1, s.value, s.synced from unnest($3::text[], $4::text[], $5::boolean[]) as s(field, value, synced)
on conflict (integration_id, field) do update set value = excluded.value, synced = excluded.synced;
