select (select count(*) from message where attempt > 0)::int;
