-- The policies that keep msps apart say what they said, in a form that PostgreSQL looks up in no index. Statements name their msp themselves, and that leads to their rows; a policy only has the last
-- word. As a plain comparison it was taken for narrow on each table that it stood at: of a table whose statistics were a minute behind, an index of the whole msp was read for every row of a page.
-- An expression of this form is taken to let half of the rows through.
create or replace function keep_apart(apart regclass, for_api text, for_silo text) returns void language plpgsql as
$$
begin
    execute format('alter table %s enable row level security', apart);
    execute format('alter table %s force row level security', apart);
    execute format('create policy api on %s to %I using (coalesce(msp_id = (select current_msp()), false))', apart, hub_role('api'));
    execute format('create policy silo on %s to %I using (true)', apart, hub_role('silo'));
    execute format('create policy owner on %s to %I using (true)', apart, hub_role('owner'));
    if for_api <> '' then execute format('grant %s on %s to %I', for_api, apart, hub_role('api')); end if;
    if for_silo <> '' then execute format('grant %s on %s to %I', for_silo, apart, hub_role('silo')); end if;
end
$$;

do $$
declare
    apart regclass;
begin
    for apart in
        select p.polrelid::regclass from pg_policy p join pg_class c on c.oid = p.polrelid
        where p.polname = 'api' and c.relname <> 'msp' and c.relnamespace = (select m.relnamespace from pg_class m where m.oid = 'msp'::regclass)
    loop
        execute format('alter policy api on %s using (coalesce(msp_id = (select current_msp()), false))', apart);
    end loop;
end
$$;
