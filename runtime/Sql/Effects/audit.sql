-- $1 msps, $2 actors, $3 actions, $4 kinds, $5 grains, $6 before, $7 after.
insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
select a.msp_id, now(), a.actor, a.action, a.grain_kind, a.grain_id, a.before, a.after
from unnest($1::bigint[], $2::text[], $3::text[], $4::smallint[], $5::bigint[], $6::text[], $7::text[]) as a(msp_id, actor, action, grain_kind, grain_id, before, after);
