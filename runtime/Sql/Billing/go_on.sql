-- $1 run. A part of it has ended: whoever has waited longer comes first.
update job_run set attempt = 0, due_at = now() where id = $1;
