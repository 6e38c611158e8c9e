-- $1 run. It will be tried again later.
delete from job_run where id = $1;
