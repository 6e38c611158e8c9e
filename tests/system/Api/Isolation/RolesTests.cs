using Npgsql;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api.Isolation;

/// <summary>How the roles of a hub come to be.</summary>
public sealed class RolesTests : IAsyncLifetime
{
    private string connectionString = "";
    private string database = "";
    private string login = "";

    public async Task InitializeAsync()
    {
        connectionString = await PostgresFixture.BareDatabase();
        database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        login = $"login_of_{database}";
        await Execute(connectionString, $"create role {login} login password 'p'; alter database {database} owner to {login}; alter schema public owner to {login}");
    }

    public async Task DisposeAsync()
    {
        await PostgresFixture.Drop(connectionString);
        await Execute((await PostgresFixture.Server()).ConnectionString, $"drop role if exists {database}_api, {database}_silo, {login}");
    }

    [Fact]
    public async Task A_login_that_may_make_roles_makes_its_own_and_may_become_both()
    {
        await Execute(connectionString, $"alter role {login} createrole");
        await Migrate(Login);
        await using var source = NpgsqlDataSource.Create(Login);
        var roles = await HubRoles.Read(source, default);
        Assert.Equal(new HubRoles($"{database}_api", $"{database}_silo"), roles);
        foreach (var role in new[] { roles.Api, roles.Silo })
        {
            await using var worker = NpgsqlDataSource.Create(HubRoles.WorkingAs(new(Login) { Pooling = false }, role));
            Assert.Equal([role], await TwoMsps.Texts(worker, "select current_user::text"));
        }

        // whoever changes the schema goes on seeing all rows
        await Execute(Login, "insert into msp (name, zone) values ('Northwind', 'UTC'), ('Southwind', 'UTC'); insert into organization (msp_id, name) select id, name from msp");
        Assert.Equal(["2"], await TwoMsps.Texts(source, "select count(*)::text from organization"));
    }

    [Fact]
    public async Task A_login_that_may_not_is_told_what_an_administrator_has_to_do_and_goes_on_when_it_is_done()
    {
        var refused = await Assert.ThrowsAsync<MigrationException>(() => Migrate(Login));
        Assert.StartsWith($"Migration 0019_isolation failed and was rolled back: the login \"{login}\" may not make the two roles", refused.Message, StringComparison.Ordinal);
        var cure = refused.Message[(refused.Message.IndexOf("run: ", StringComparison.Ordinal) + 5)..refused.Message.IndexOf("; then", StringComparison.Ordinal)];

        await Execute(connectionString, cure);
        await Migrate(Login);
        await using var source = NpgsqlDataSource.Create(HubRoles.WorkingAs(new(Login) { Pooling = false }, $"{database}_silo"));
        Assert.Equal([$"{database}_silo"], await TwoMsps.Texts(source, "select current_user::text"));
    }

    [Fact]
    public async Task A_role_that_sees_everything_anyway_is_refused()
    {
        await Execute(connectionString, $"create role {database}_api bypassrls");
        var refused = await Assert.ThrowsAsync<MigrationException>(() => Migrate(connectionString));
        Assert.Contains($"the role \"{database}_api\" may see every row", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_from_before_keeps_its_rows_and_hides_them_from_the_api()
    {
        await using (var before = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }))
            await MigrationRunner.Run(before, [.. Migration.BuiltIn.TakeWhile(step => step.Name != "isolation")], default);
        await Execute(connectionString, """
            insert into msp (name, zone) values ('Northwind', 'UTC'), ('Southwind', 'UTC');
            insert into organization (msp_id, name) select id, name from msp;
            insert into reading (tenant_id, metric, night, read_no, msp_id, evidence, observed_at) values (1, 'seats', current_date, 1, 1, 1, now()), (1, 'seats', '2001-01-01', 1, 2, 1, now());
            """);
        await Migrate(connectionString);

        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        var roles = await HubRoles.Read(source, default);
        await using var silo = NpgsqlDataSource.Create(HubRoles.WorkingAs(new(connectionString) { Pooling = false }, roles.Silo));
        await using var api = NpgsqlDataSource.Create(HubRoles.WorkingAs(new(connectionString) { Pooling = false }, roles.Api));
        Assert.Equal(["2 2"], await TwoMsps.Texts(silo, Both));
        Assert.Equal(["0 0"], await TwoMsps.Texts(api, Both));
        // a partition that is made later is no way around
        Assert.Equal(["true"], await TwoMsps.Texts(source, "select make_reading_partition('2099-01-01')::text"));
        Assert.Equal(["true true 3"], await TwoMsps.Texts(source, "select relrowsecurity || ' ' || relforcerowsecurity || ' ' || (select count(*) from pg_policy where polrelid = c.oid) from pg_class c where relname = 'reading_2099_01'"));
    }

    private const string Both = "select (select count(*) from organization) || ' ' || (select count(*) from reading)";

    private string Login => new NpgsqlConnectionStringBuilder(connectionString) { Username = login, Password = "p", Pooling = false }.ConnectionString;

    private static async Task Migrate(string connection)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false });
        await MigrationRunner.Run(source, default);
    }

    private static async Task Execute(string connection, string statement)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false });
#pragma warning disable CA2100 // a test's own text
        await using var command = source.CreateCommand(statement);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
