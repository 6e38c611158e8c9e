-- Ten thousand items take longer than a statement of a person may; and with values given, one statement serves a contract as well as a whole msp.
select set_config('statement_timeout', '60s', true), set_config('lock_timeout', '10s', true), set_config('plan_cache_mode', 'force_custom_plan', true);
