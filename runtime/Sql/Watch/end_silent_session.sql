-- $1 process, $2 the instant of its last word. Ends the session if it has not said a word since.
select pg_terminate_backend(a.pid)
from pg_stat_activity a
where a.pid = $1 and a.state_change = $2 and a.usename = current_user
    and ((a.state = 'active' and a.wait_event_type = 'Client') or a.state in ('idle in transaction', 'idle in transaction (aborted)'));
