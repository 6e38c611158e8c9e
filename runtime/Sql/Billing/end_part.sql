-- $1 run, $2 part, $3 state, $4 items posted, $5 items blocked, $6 code or null, $7 plan or null, $8 posting or null.
update job_run_part set state = $3, items = $4, blocked = $5, code = $6, plan_id = $7, posting_id = $8 where run_id = $1 and part_no = $2;
