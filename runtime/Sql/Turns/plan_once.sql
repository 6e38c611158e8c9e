-- Until the end of the transaction a statement is planned once a connection, for any values. A person's turn asks for one grain, by arrays of one: a plan for those values looks cheaper each time, and
-- planning costs more than the turn.
select set_config('plan_cache_mode', 'force_generic_plan', true);
