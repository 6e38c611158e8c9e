-- $1 msp, $2 plan, $3 days that it may be applied. Read under the msp's lock. Behind a job stands who asked for the run, else who made the job.
select p.account_id, p.contract_id, p.through_on, p.hash, p.created_by, p.posting_id, p.created_at + make_interval(days => $3) < now(), p.created_at + make_interval(days => $3),
    (
        select coalesce(r.asked_by, j.created_by)
        from job_run r
        join job j on j.id = r.job_id
        where r.plan_id = p.id or r.id = (select w.run_id from job_run_part w where w.plan_id = p.id)
        limit 1
    )
from plan p
where p.msp_id = $1 and p.id = $2;
