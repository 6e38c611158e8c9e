-- $1 the quiet time of day, in UTC. The instant at which a run may begin, or null when one has ended since the last quiet time.
select now()
where not exists (
    select 1 from janitor_run r
    where r.step = 'end' and r.run_at >= (
        (now() at time zone 'UTC')::date + $1::time - case when (now() at time zone 'UTC')::time < $1::time then interval '1 day' else interval '0' end
    ) at time zone 'UTC');
