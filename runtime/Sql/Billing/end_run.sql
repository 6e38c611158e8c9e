-- $1 run, $2 state, $3 code, $4 sentence, $5 plan or null, $6 posting or null.
update job_run
set state = $2, code = $3, sentence = $4, plan_id = coalesce($5, plan_id), posting_id = $6, started_at = coalesce(started_at, now()),
    finished_at = case when $2 in ('running', 'waits_for_approval') then null else clock_timestamp() end
where id = $1;
