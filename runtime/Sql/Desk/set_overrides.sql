-- $1 msp, $2 integration, $3 organization, $4 fields, $5 values, $6 whether synced. All of them: what is not there follows the default.
with gone as (
    delete from desk_override where integration_id = $2 and organization_id = $3 and field <> all($4)
)
insert into desk_override (integration_id, organization_id, field, msp_id, value, synced)
select $2, $3, s.field, $1, s.value, s.synced from unnest($4::text[], $5::text[], $6::boolean[]) as s(field, value, synced)
on conflict (integration_id, organization_id, field) do update set value = excluded.value, synced = excluded.synced;
