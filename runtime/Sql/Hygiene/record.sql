-- $1 the run's instant, $2 step, $3 rows, $4 milliseconds, $5 fault or null.
insert into janitor_run (run_at, step, rows, milliseconds, fault) values ($1, $2, $3, $4, $5);
