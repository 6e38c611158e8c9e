-- $1 what our sessions' names begin with. Sessions that hold rows while PostgreSQL waits for their client: in the middle of a batch, which no time-out of
-- PostgreSQL ends, or between two. Each word of the client moves state_change, so two looks that see the same instant saw one silence. Whoever is
-- asleep has no number of a transaction unless it has locked or written a row.
with silent as materialized (
    select a.pid, a.state_change, a.application_name
    from pg_stat_activity a
    where a.datname = current_database() and a.usename = current_user and starts_with(a.application_name, $1) and a.pid <> pg_backend_pid() and a.backend_xid is not null
        and ((a.state = 'active' and a.wait_event_type = 'Client') or a.state in ('idle in transaction', 'idle in transaction (aborted)'))
)
select s.pid, s.state_change, s.application_name, exists (
    select 1 from pg_stat_activity w where w.datname = current_database() and w.wait_event_type = 'Lock' and s.pid = any(pg_blocking_pids(w.pid)))
from silent s
order by s.state_change, s.pid;
