using Npgsql;
using UsageBilling.Runtime.Hygiene;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Hygiene;

/// <summary>A database of one test, with one line to hang things on.</summary>
internal sealed class TidyDatabase : IAsyncDisposable
{
    /// <summary>The quiet time that has always passed today.</summary>
    public static readonly TimeOnly Midnight = new(0, 0);

    private const string OneLine = """
        insert into msp (name, zone) values ('MSP', 'Etc/GMT');
        insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, reads_products) values (1, 'uniview', 'one', 'https://x', 'u', 's', true);
        insert into psa_account (msp_id, integration_id, remote_id, name, active) values (1, 1, 'a', 'A', true);
        insert into contract (msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active) values (1, 1, 1, 'c', 'C', '2020-01-01', '2090-01-01', true);
        insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, currency, period, anchor_on, charged_until)
            values (1, 1, 'l', 's', 'L', 1, 'USD', 1, '2020-01-01', '2026-12-01');
        """;

    private TidyDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        Source = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<TidyDatabase> Create()
    {
        var database = new TidyDatabase(await PostgresFixture.FreshDatabase());
        await database.Sql(OneLine);
        return database;
    }

    /// <summary>As it was before there was a janitor, and the step that brings one.</summary>
    public static async Task<(TidyDatabase Database, Func<Task> Migrate)> BeforeHygiene()
    {
        var database = new TidyDatabase(await PostgresFixture.BareDatabase());
        await MigrationRunner.Run(database.Source, [.. Migration.BuiltIn.TakeWhile(step => step.Name != "hygiene")], default);
        await database.Sql(OneLine);
        return (database, () => MigrationRunner.Run(database.Source, default));
    }

    public Janitor Janitor(Retention? keep = null) => new(Source, keep ?? new Retention(), Hub.Clock);

    /// <summary>Lets the janitor do its day's work, again if need be.</summary>
    public async Task<string> Tidy(Retention? keep = null)
    {
        await Sql("delete from janitor_run where step = 'end'");
        var steps = await Janitor(keep).RunIfDue(Midnight, default);
        Assert.NotEmpty(steps);
        return string.Join("\n", steps.Where(step => step.Rows > 0 || step.Fault is not null).Select(step => $"{step.Name} | {step.Rows} | {step.Fault ?? "-"}"));
    }

    /// <param name="night">A date in SQL.</param>
    public Task Reading(string night, long tenant = 1) => Sql($"""
        insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, observed_at)
        values ({tenant}, 'm', {night}, (select count(*) + 1 from reading where tenant_id = {tenant} and night = {night}), 1, 5, 1, now())
        """);

    public async Task Sql(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await PostgresFixture.Drop(ConnectionString);
    }
}
