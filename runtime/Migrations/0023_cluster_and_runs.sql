-- Which silos have said that they live, as Quartz keeps it for all of them; nothing before the first silo has made its tables. They are of the hub and of no msp, so the api is shown what this
-- answers and not the tables. A check-in is in ticks of 100 ns since the year 1, its interval in milliseconds. A poke is fired by one silo at a time.
create function silos_seen() returns table (name text, checked_in_at timestamptz, check_in_seconds float8, pokes text[]) language plpgsql stable security definer as
$$
begin
    if to_regclass('qrtz_scheduler_state') is null or to_regclass('qrtz_fired_triggers') is null then return; end if;
    return query
        select s.instance_name::text, to_timestamp((s.last_checkin_time - 621355968000000000) / 10000000.0), s.checkin_interval / 1000.0::float8,
            array(
                select f.trigger_name::text from qrtz_fired_triggers f
                where f.sched_name = s.sched_name and f.instance_name = s.instance_name and f.state = 'EXECUTING'
                order by f.trigger_name)
        from qrtz_scheduler_state s
        order by s.instance_name;
end
$$;

do $$
declare
    hub name := (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = 'msp'::regclass);
begin
    execute format('alter function silos_seen() set search_path = %I, pg_temp', hub);
    revoke execute on function silos_seen() from public;
    execute format('grant execute on function silos_seen() to %I', hub_role('api'));
end
$$;

-- A run that a person ended before its time: who did is kept with it.
alter table run add column cancelled_by text;
alter table run drop constraint run_state;
alter table run add constraint run_state check (state in ('running', 'done', 'failed', 'cancelled'));
alter table run add constraint run_cancelled_by check ((state = 'cancelled') = (cancelled_by is not null));
