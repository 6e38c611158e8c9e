-- $1 job, $2 run. What was posted now is all that the plans of earlier runs would have posted.
with overtaken as (
    update job_run r
    set state = 'overtaken', code = 'overtaken', sentence = 'A later run of the job posted what this one would have.', finished_at = clock_timestamp()
    where r.job_id = $1 and r.id < $2 and r.state = 'waits_for_approval'
        and not exists (select 1 from plan p where p.id = r.plan_id and p.posting_id is not null)
        and not exists (select 1 from job_run_part w join plan o on o.id = w.plan_id where w.run_id = r.id and w.state = 'waiting' and o.posting_id is not null)
    returning r.id
)
update job_run_part w set state = 'overtaken' from overtaken o where w.run_id = o.id and w.state = 'waiting';
