-- The rows of an msp are kept apart from those of others by PostgreSQL itself: the api works as a role that sees the rows of one msp at a time, silos as a role that sees all of them. Neither
-- owns a table, and neither may rewrite the books. Roles belong to the whole server, so that each database has its own two, by its name.
do $$
declare
    part text;
    role_name name;
begin
    foreach part in array array['api', 'silo'] loop
        role_name := left(current_database(), 58) || '_' || part;
        if not exists (select 1 from pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
        elsif exists (select 1 from pg_roles where rolname = role_name and (rolsuper or rolbypassrls)) then
            raise exception using message = format('the role "%s" may see every row (superuser or bypassrls): take that from it, then start again', role_name);
        end if;
        -- from PostgreSQL 16 on, whoever makes a role is its member without being allowed to become it
        if not pg_has_role(session_user, role_name, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
            execute format('grant %I to %I', role_name, session_user);
        end if;
    end loop;
exception when insufficient_privilege then
    raise insufficient_privilege using message = format(
        'the login "%1$s" may not make the two roles that api and silos work as; let an administrator run: create role "%2$s_api" nologin; create role "%2$s_silo" nologin; grant "%2$s_api", "%2$s_silo" to "%1$s"; then start again',
        session_user, left(current_database(), 58));
end
$$;

-- Whose rows the transaction is about. Without a setting: nobody's. Policies ask by a sub-select, which is evaluated once for a statement and not once for a row.
create function current_msp() returns bigint language sql stable parallel safe as $$ select nullif(current_setting('usagebilling.msp', true), '')::bigint $$;

-- The msp itself. Whoever migrates sees everything as well: the owner could take away any of this, and a migration that saw no rows would change none without saying so.
alter table msp enable row level security;
alter table msp force row level security;
do $$
begin
    execute format('create policy api on msp to %I using (id = (select current_msp()))', left(current_database(), 58) || '_api');
    execute format('create policy silo on msp to %I using (true)', left(current_database(), 58) || '_silo');
    execute 'create policy owner on msp to current_user using (true)';
end
$$;

-- The role that is the hub's "api", "silo" or "owner": in a copy of this database it still has the name it was made with.
create function hub_role(part text) returns name language sql stable as
$$ select r.rolname from pg_policy p join pg_roles r on r.oid = p.polroles[1] where p.polrelid = 'msp'::regclass and p.polname = part $$;

-- What every table with an msp_id needs, partitions too: policies, and what the two roles may do ('' for nothing). A test asks for it.
create function keep_apart(apart regclass, for_api text, for_silo text) returns void language plpgsql as
$$
begin
    execute format('alter table %s enable row level security', apart);
    execute format('alter table %s force row level security', apart);
    execute format('create policy api on %s to %I using (msp_id = (select current_msp()))', apart, hub_role('api'));
    execute format('create policy silo on %s to %I using (true)', apart, hub_role('silo'));
    execute format('create policy owner on %s to %I using (true)', apart, hub_role('owner'));
    if for_api <> '' then execute format('grant %s on %s to %I', for_api, apart, hub_role('api')); end if;
    if for_silo <> '' then execute format('grant %s on %s to %I', for_silo, apart, hub_role('silo')); end if;
end
$$;

-- Append-only tables are added to by both, and changed by neither; keys are the api's alone. A row of a partition is reached through its whole.
select keep_apart(
    c.oid::regclass,
    case when c.relispartition then '' when b.book then 'select, insert' else 'select, insert, update, delete' end,
    case when c.relispartition or c.relname = 'api_key' then '' when b.book then 'select, insert' else 'select, insert, update, delete' end)
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'msp_id' and not a.attisdropped
cross join lateral (select c.relname in (
    'count_record', 'ledger_entry', 'audit', 'posting', 'posting_item', 'posting_total', 'invoice', 'invoice_line', 'line_price', 'line_terms', 'line_tier') as book) b
where c.relnamespace = (select m.relnamespace from pg_class m where m.oid = 'msp'::regclass) and c.relkind in ('r', 'p')
order by c.relname;

-- As before, and the partition is kept apart like the whole.
create or replace function make_reading_partition(month date) returns boolean language plpgsql set lock_timeout = '1s' as
$$
declare
    first_on date := date_trunc('month', month)::date;
    until_on date := (date_trunc('month', month) + interval '1 month')::date;
    partition_name text := 'reading_' || to_char(month, 'YYYY_MM');
begin
    if to_regclass(partition_name) is not null then return false; end if;
    execute format('create table %I (like reading including indexes) with (autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 5000)', partition_name);
    perform keep_apart(partition_name::regclass, '', '');
    lock table reading_default in access exclusive mode;
    execute format(
        'with moved as (delete from reading_default where night >= %L and night < %L'
        ' returning tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)'
        ' insert into %I (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)'
        ' select tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at from moved', first_on, until_on, partition_name);
    execute format('alter table reading attach partition %I for values from (%L) to (%L)', partition_name, first_on, until_on);
    return true;
end
$$;

-- A view asks for the rows of whoever reads it, not of whoever made it.
alter view billing_item set (security_invoker = true);
alter view plain_line set (security_invoker = true);

-- The two things that must be known before, or beside, an msp: whose a key is, and whether a name is another msp's. Each answers only that.
create function api_key_called(key_id text) returns table (msp_id bigint, name text, secret_sha256 bytea, scope text, used_long_ago boolean, feed_id bigint)
language sql stable security definer as $$
    select k.msp_id, k.name, k.secret_sha256, k.scope, k.last_used_at is null or k.last_used_at < now() - interval '1 minute', k.feed_id
    from api_key k
    where k.id = key_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;
create function msp_name_taken(wanted text, beside bigint) returns boolean language sql stable security definer as
$$ select exists (select 1 from msp m where m.name = wanted and m.id <> beside) $$;

do $$
declare
    hub name := (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = 'msp'::regclass);
begin
    -- what is found in them is ours, whatever path the caller has
    execute format('alter function api_key_called(text) set search_path = %I, pg_temp', hub);
    execute format('alter function msp_name_taken(text, bigint) set search_path = %I, pg_temp', hub);
    revoke execute on function api_key_called(text), msp_name_taken(text, bigint) from public;
    execute format('grant execute on function api_key_called(text), msp_name_taken(text, bigint) to %I', hub_role('api'));
    execute format('grant usage on schema %I to %I, %I', hub, hub_role('api'), hub_role('silo'));
    execute format('grant select, update on msp to %I', hub_role('api'));
    execute format('grant select on msp to %I', hub_role('silo'));
    execute format('grant select on billing_item, plain_line, schema_migration to %I, %I', hub_role('api'), hub_role('silo'));
    -- what a line that a person adds is called in place of a PSA's id holds its own
    execute format('grant usage on sequence %s to %I', pg_get_serial_sequence('service_line', 'id'), hub_role('api'));
    -- sealed keys: what is in them opens only with the key file
    execute format('grant select, insert on protection_key to %I, %I', hub_role('api'), hub_role('silo'));
end
$$;

-- PostgreSQL looks an expression up in an index only where the function cannot tell of rows that a policy hides, and it does not know that of ours. A column can.
set local statement_timeout = 0;
drop index organization_by_name_key, psa_account_by_name_key;
alter table organization add column name_key text not null generated always as (name_key(name)) stored;
alter table psa_account add column name_key text not null generated always as (name_key(name)) stored;
create index organization_by_name_key on organization (msp_id, name_key);
create index psa_account_by_name_key on psa_account (msp_id, name_key);
