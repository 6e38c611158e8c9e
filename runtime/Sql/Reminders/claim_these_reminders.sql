-- $1 kind, $2 grains, $3 names. Reminders of a batch that failed, to be tried in smaller parts: those that are still due.
select r.grain_id, r.name
from unnest($2::bigint[], $3::text[]) as w(grain_id, name)
join reminder r on r.grain_kind = $1 and r.grain_id = w.grain_id and r.name = w.name
where r.due_at <= now() and r.parked_reason is null
order by r.grain_id, r.name
for update of r skip locked;
