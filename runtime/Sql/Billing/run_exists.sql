-- $1 msp, $2 job, $3 run.
select id from job_run where msp_id = $1 and job_id = $2 and id = $3;
