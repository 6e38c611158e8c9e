-- $1 job, $2 run. What was posted now is all that the plans of earlier runs would have posted.
update job_run
set state = 'overtaken', code = 'overtaken', sentence = 'A later run of the job posted what this one would have.', finished_at = clock_timestamp()
where job_id = $1 and id < $2 and state = 'waits_for_approval'
    and not exists (select 1 from plan p where p.id = plan_id and p.posting_id is not null);
