-- $1 first day of the month.
select drop_reading_partition($1);
