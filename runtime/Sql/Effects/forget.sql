-- $1 kinds, $2 grains, $3 names.
delete from reminder r
using unnest($1::smallint[], $2::bigint[], $3::text[]) as f(grain_kind, grain_id, name)
where r.grain_kind = f.grain_kind and r.grain_id = f.grain_id and r.name = f.name;
