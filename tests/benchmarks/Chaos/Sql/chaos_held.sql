-- Transactions of silos that have been open for long: whose rows nobody else can take.
select coalesce(string_agg(
    concat_ws(' ', state, wait_event, extract(epoch from now() - xact_start)::int || ' s:', left(regexp_replace(query, '\s+', ' ', 'g'), 60)), '; ' order by xact_start), '')
from pg_stat_activity
where datname = current_database() and application_name = 'usagebilling-silo' and xact_start < now() - interval '5 seconds';
