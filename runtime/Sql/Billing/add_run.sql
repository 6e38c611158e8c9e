-- $1 job, $2 msp, $3 its date. The row is seen when the run has ended: it is written in the same commit.
insert into job_run (job_id, msp_id, scheduled_on, through_on, state, started_at) values ($1, $2, $3, $3, 'running', now())
returning id;
