-- $1 integration, $2 msp, $3 run, $4 lists, $5 parents, $6 remote ids, $7 names, $8 active, $9 preset. In the order in which the PSA shows them.
insert into desk_value (msp_id, integration_id, list, parent_remote_id, remote_id, name, active, preset, seen_in)
select $2, $1, v.list, v.parent, v.remote_id, v.name, v.active, v.preset, $3
from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::boolean[]) with ordinality as v(list, parent, remote_id, name, active, preset, place)
order by v.place
on conflict (integration_id, list, parent_remote_id, remote_id) do update
set name = excluded.name, active = excluded.active, preset = excluded.preset, seen_in = excluded.seen_in;
