-- $1 msp, $2 name, $3 remote id or null, $4 who. No row: the name is taken.
with added as (
    insert into organization (msp_id, name, remote_id) values ($1, $2, $3::text)
    on conflict on constraint organization_name_unique do nothing
    returning id, msp_id, name
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $4, 'organization.created', 2, id, '', name from added
)
select id from added;
