-- $1 msp. As set_msp, for what is asked with filters that may be left out: until the end of the transaction each statement is planned for the values it has. A plan for any values takes
-- those filters for narrow although they are empty, and reads a whole msp for one page.
select set_config('usagebilling.msp', $1::bigint::text, true), set_config('plan_cache_mode', 'force_custom_plan', true);
