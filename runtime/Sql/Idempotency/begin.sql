-- $1 msp, $2 key, $3 hash of what is asked, $4 hours that a key is kept. The first to come gets the row, as does the first after it was kept long enough; whoever comes
-- later gets what it says. No row: somebody came at the same moment.
with begun as (
    insert into repeatable_request (msp_id, key, asked) values ($1, $2, $3)
    on conflict (msp_id, key) do update
    set asked = excluded.asked, asked_at = now(), status = null, content_type = null, location = null, answer = null
    where repeatable_request.asked_at < now() - make_interval(hours => $4)
    returning key
)
select true, null::boolean, null::smallint, null::text, null::text, null::bytea from begun
union all
select false, r.asked = $3, r.status, r.content_type, r.location, r.answer from repeatable_request r
where r.msp_id = $1 and r.key = $2 and not exists (select 1 from begun);
