-- $1 msp, $2 job, $3 name, $4 contract or null, $5 action, $6 day of the month, $7 of the week, $8 date: one of them, $9 time, $10 next date, $11 its instant.
update job
set name = $3, contract_id = $4, action = $5, month_day = $6, week_day = $7, dated_on = $8, run_at = $9, next_on = $10, due_at = $11, attempt = 0
where msp_id = $1 and id = $2;
