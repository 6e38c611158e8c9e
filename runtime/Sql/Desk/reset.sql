-- $1 msp, $2 integration, $3 organizations, $4 what each had in words, $5 who does it. In the transaction that has compared what will change.
with gone as (
    delete from desk_override where msp_id = $1 and integration_id = $2
)
insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
select $1, now(), $5, 'desk.override', 2, o.id, o.before, 'default, by a reset of all' from unnest($3::bigint[], $4::text[]) as o(id, before)
order by o.id;
