-- The database's clock runs as fast as everybody else's: what is called without its schema is looked for here before the system's own is. Made before the
-- tables, so that their defaults call it, too.
create function fast(instant timestamptz) returns timestamptz language sql stable as
    'select current_setting(''bench.began'')::timestamptz + (instant - current_setting(''bench.began'')::timestamptz) * current_setting(''bench.speed'')::int';
create function now() returns timestamptz language sql stable as 'select fast(pg_catalog.now())';
create function clock_timestamp() returns timestamptz language sql volatile as 'select fast(pg_catalog.clock_timestamp())';
create function set_pace(began text, speed text) returns void language plpgsql as $$
begin
    execute format('alter database %I set bench.began = %L', current_database(), began);
    execute format('alter database %I set bench.speed = %L', current_database(), speed);
    execute format('alter database %I set search_path = public, pg_catalog', current_database());
end
$$;
