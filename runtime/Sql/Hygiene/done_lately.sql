-- $1 step. Whether it was done well this week; half a day less, so that a weekly step does not wander through the days.
select exists (select 1 from janitor_run where step = $1 and fault is null and run_at > now() - interval '6 days 12 hours');
