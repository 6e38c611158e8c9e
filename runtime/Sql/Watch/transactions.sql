-- What keeps dead rows from being cleaned up: open transactions (seconds, and transactions that have begun since), replication slots that nobody
-- reads, prepared transactions that nobody ends; and sessions that stand still in a transaction for more than 10 s.
with other as (
    select a.xact_start, a.state, a.state_change, greatest(age(a.backend_xmin), age(a.backend_xid)) as held
    from pg_stat_activity a
    where a.pid <> pg_backend_pid() and ((a.datname = current_database() and a.backend_type = 'client backend') or a.backend_type = 'walsender')
)
select 'transaction_age', null, coalesce(max(extract(epoch from clock_timestamp() - o.xact_start)), 0)::float8 from other o
union all
select 'xmin_age', null, coalesce(max(x.held), 0)::float8
from (
    select o.held from other o
    union all
    select greatest(age(r.xmin), age(r.catalog_xmin)) from pg_replication_slots r
    union all
    select age(p.transaction) from pg_prepared_xacts p where p.database = current_database()
) x
union all
select 'idle_in_transaction', null, count(*)::float8
from other o
where o.state in ('idle in transaction', 'idle in transaction (aborted)') and o.state_change < clock_timestamp() - interval '10 seconds';
