using System.Globalization;
using Npgsql;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api.Isolation;

/// <summary>PostgreSQL itself keeps the rows of msps apart, whatever a statement asks.</summary>
public sealed class IsolationTests(TwoMsps msps) : IClassFixture<TwoMsps>
{
    /// <summary>Tables without an msp: of the hub itself, or Quartz's.</summary>
    private static readonly string[] OfTheHub = ["janitor_run", "protection_key", "schema_migration"];

    [Fact]
    public async Task Every_table_with_rows_of_an_msp_is_kept_apart_by_force() => Assert.Empty(await msps.Texts("""
        select c.relname || ' is not kept apart: see keep_apart in 0024_policies_are_no_way_in.sql'
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and (c.relname = 'msp' or exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'msp_id' and not a.attisdropped))
            and not coalesce(c.relrowsecurity and c.relforcerowsecurity and (
                select array_agg(p.polname || ' ' || (p.polroles[1] = (select r.oid from pg_roles r where r.rolname = hub_role(p.polname))) || ' ' || p.polpermissive || ' ' || p.polcmd::text || ' ' || pg_get_expr(p.polqual, c.oid)
                    order by p.polname)
                from pg_policy p
                where p.polrelid = c.oid
            ) = array['api true true * ' || case when c.relname = 'msp' then '(id = ( SELECT current_msp() AS current_msp))' else 'COALESCE((msp_id = ( SELECT current_msp() AS current_msp)), false)' end, 'owner true true * true', 'silo true true * true'], false)
        """));

    [Fact]
    public async Task A_table_without_an_msp_is_known_as_one() => Assert.Equal(OfTheHub, await msps.Texts("""
        select c.relname::text
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname not like 'qrtz%' and c.relname <> 'msp'
            and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'msp_id' and not a.attisdropped)
        order by 1
        """));

    [Fact]
    public async Task A_view_shows_what_its_reader_may_see() => Assert.Empty(await msps.Texts(
        "select c.relname || ' is read with the rights of whoever made it' from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm') and not coalesce(c.reloptions @> array['security_invoker=true'], false)"));

    [Fact]
    public async Task Neither_role_owns_anything_or_steps_over_policies_and_only_three_functions_lend_the_owners_eyes()
    {
        Assert.Empty(await msps.Texts("""
            select r.rolname from pg_roles r
            where r.rolname in (hub_role('api'), hub_role('silo')) and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolcanlogin
                or exists (select 1 from pg_class c where c.relowner = r.oid) or exists (select 1 from pg_auth_members m where m.member = r.oid))
            """));
        Assert.Equal(["api_key_called", "msp_name_taken", "silos_seen"], await msps.Texts("select proname::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef order by 1"));
        Assert.Empty(await msps.Texts("select proname::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef and (proconfig is null or has_function_privilege(hub_role('silo'), oid, 'execute'))"));
    }

    [Fact]
    public async Task The_apis_role_sees_nothing_without_an_msp_and_with_one_only_its_rows()
    {
        await using var source = await As(roles => roles.Api);
        foreach (var table in await msps.Tables())
        {
            var column = table == "msp" ? "id" : "msp_id";
            Assert.Equal(0, await Count(source, null, $"select count(*) from {table}"));
            Assert.True(await Count(source, TwoMsps.Own, $"select count(*) from {table} where {column} = {TwoMsps.Own.Id}") > 0, table);
            Assert.Equal(0, await Count(source, TwoMsps.Own, $"select count(*) from {table} where {column} <> {TwoMsps.Own.Id}"));
        }

        Assert.Equal(0, await Count(source, null, "select count(*) from billing_item"));
        Assert.Equal(3, await Count(source, TwoMsps.Own, "select count(*) from billing_item"));
    }

    [Fact]
    public async Task The_apis_role_writes_for_its_msp_only()
    {
        await using var source = await As(roles => roles.Api);
        Assert.Equal("42501", await Refusal(source, $"insert into organization (msp_id, name) values ({TwoMsps.Other.Id}, 'Walnut')"));
        Assert.Equal("42501", await Refusal(source, $"update organization set msp_id = {TwoMsps.Other.Id}"));
        Assert.Equal("42501", await Refusal(source, "delete from audit"));
        Assert.Equal("42501", await Refusal(source, "create table walnut (id int)"));
        Assert.Equal("42501", await Refusal(source, "select * from janitor_run"));
        Assert.Equal(0, await Count(source, TwoMsps.Own, $"with gone as (delete from drift where msp_id = {TwoMsps.Other.Id} returning 1) select count(*) from gone"));
    }

    [Fact]
    public async Task Silos_see_every_msp_without_saying_so()
    {
        await using var source = await As(roles => roles.Silo);
        foreach (var table in (await msps.Tables()).Except(["api_key"]))
            Assert.Equal(await msps.Scalar<long>($"select count(*) from {table}"), await Count(source, null, $"select count(*) from {table}"));
        Assert.Equal("42501", await Refusal(source, "select * from api_key"));
    }

    [Fact]
    public async Task The_next_user_of_a_pooled_connection_finds_the_role_and_no_msp()
    {
        await using var source = await As(roles => roles.Api, connections: 1);
        const string state = "select current_user || ' ' || (current_user = hub_role('api')) || ' ' || coalesce(current_msp()::text, 'nobody')";
        var expected = $"{(await HubRoles.Read(msps.Source, default)).Api} true nobody";
        for (var round = 0; round < 2; round++)
        {
            Assert.True(await Count(source, TwoMsps.Own, "select count(*) from organization") > 0);
            Assert.Equal([expected], await TwoMsps.Texts(source, state));
            await Refusal(source, "select 1 / 0");
            Assert.Equal([expected], await TwoMsps.Texts(source, state));
            await using (var connection = await source.OpenConnectionAsync()) await connection.Begin(new(TwoMsps.Own.Id), default);
            Assert.Equal([expected], await TwoMsps.Texts(source, state));
            await using (var connection = await source.OpenConnectionAsync())
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.About(new(TwoMsps.Own.Id));
                batch.BatchCommands.Add(new("select current_msp()"));
                await batch.ExecuteNonQueryAsync();
            }

            Assert.Equal([expected], await TwoMsps.Texts(source, state));
        }
    }

    [Fact]
    public async Task An_api_may_have_a_login_that_can_do_nothing_but_take_its_role()
    {
        var login = string.Create(CultureInfo.InvariantCulture, $"door_{Environment.ProcessId}");
        var roles = await HubRoles.Read(msps.Source, default);
        await msps.Sql($"create role {login} login password 'p'; grant {roles.Api} to {login}");
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(msps.ConnectionString) { Username = login, Password = "p", Pooling = false }.ConnectionString;
            await using (var api = await ApiServer.Start(new ApiOptions { ConnectionString = connection }, default))
            using (var door = new Door(api.BaseUrl, await new ApiKeys(msps.Source).Create(new(TwoMsps.Own.Id), "portal", ApiScope.Operator, default)))
            {
                Assert.Equal(TwoMsps.Own.Id, (long)(await door.Get("/v1/msp")).Json["id"]!);
                Assert.Equal(201, (await door.Post("/v1/organizations", new { name = "Through the narrow door" })).Status);
            }

            await using var source = NpgsqlDataSource.Create(connection);
            Assert.Equal("42501", await Refusal(source, $"set role {roles.Silo}"));
            Assert.Equal("42501", await Refusal(source, "alter table audit disable trigger all"));
            Assert.Equal(0, await Count(source, null, "select count(*) from organization"));
        }
        finally
        {
            await msps.Sql($"drop role {login}");
        }
    }

    private async Task<NpgsqlDataSource> As(Func<HubRoles, string> role, int connections = 2) =>
        NpgsqlDataSource.Create(HubRoles.WorkingAs(new(msps.ConnectionString) { MaxPoolSize = connections }, role(await HubRoles.Read(msps.Source, default))));

    private static async Task<long> Count(NpgsqlDataSource source, MspNumbers? about, string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = about is null ? await connection.BeginTransactionAsync() : await connection.Begin(new(about.Id), default);
#pragma warning disable CA2100 // a test's own text
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> Refusal(NpgsqlDataSource source, string sql)
    {
        try
        {
            await Count(source, TwoMsps.Own, sql);
            return "";
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }
}
