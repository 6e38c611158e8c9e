-- $1 months ahead of this one. One when the partition was missing, else nothing.
select make_reading_partition((date_trunc('month', current_date) + make_interval(months => $1))::date)::int::bigint;
