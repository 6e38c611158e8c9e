-- $1 run, $2 attempts to count, $3 seconds.
update job_run set attempt = attempt + $2, due_at = now() + make_interval(secs => $3) where id = $1;
