-- $1 run, whose row is locked.
select part_no, account_id, contract_id from job_run_part where run_id = $1 and state = 'due' order by part_no limit 1;
