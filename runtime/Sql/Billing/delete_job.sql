-- $1 msp, $2 job. What it waited for is a person's business now; what it has posted stays.
with gone as (
    update job set deleted_at = now(), next_on = null, due_at = null where msp_id = $1 and id = $2
    returning id
), overtaken as (
    update job_run r
    set state = 'overtaken', code = 'job_deleted', sentence = 'The job was deleted before.', finished_at = now()
    from gone
    where r.job_id = gone.id and r.state in ('asked', 'running', 'waits_for_approval')
    returning r.id
)
update job_run_part w set state = 'overtaken' from overtaken o where w.run_id = o.id and w.state in ('due', 'waiting');
