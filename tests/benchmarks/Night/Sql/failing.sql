-- $1 lines that are measured.
select count(distinct grain_id)::int from message where grain_kind = 3 and attempt > 0 and grain_id <= $1;
