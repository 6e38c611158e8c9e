-- $1 days to keep, $2 how many.
delete from janitor_run
where id = any(array(select id from janitor_run where run_at < now() - make_interval(days => $1) order by id limit $2));
