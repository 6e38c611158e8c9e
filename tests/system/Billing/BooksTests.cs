using Npgsql;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Billing;

/// <summary>What was written into the books stays, whoever is connected.</summary>
public sealed class BooksTests : IAsyncLifetime
{
    private static readonly string[] Books = ["count_record", "ledger_entry", "audit", "posting", "posting_item", "posting_total"];

    private string connectionString = "";
    private string owner = "";

    public async Task InitializeAsync()
    {
        connectionString = await PostgresFixture.BareDatabase();
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        owner = $"owner_of_{database}";
        await Execute(connectionString, $"create role {database}_api nologin; create role {database}_silo nologin; create role {owner} nologin; alter database {database} owner to {owner}; alter schema public owner to {owner}");
        await using var source = NpgsqlDataSource.Create(AsOwner());
        await MigrationRunner.Run(source, default);
    }

    public async Task DisposeAsync()
    {
        await PostgresFixture.Drop(connectionString);
        await Execute((await PostgresFixture.Server()).ConnectionString, $"drop role {owner}, {new NpgsqlConnectionStringBuilder(connectionString).Database}_api, {new NpgsqlConnectionStringBuilder(connectionString).Database}_silo");
    }

    [Fact]
    public async Task An_owner_who_is_no_superuser_may_add_to_the_books_and_nothing_else()
    {
        foreach (var book in Books)
        {
            Assert.Equal("42501", await Refusal(AsOwner(), $"delete from {book}"));
            Assert.Equal("42501", await Refusal(AsOwner(), $"update {book} set msp_id = 1"));
            Assert.Equal("42501", await Refusal(AsOwner(), $"truncate {book} cascade"));
        }

        Assert.Equal("", await Refusal(AsOwner(), """
            insert into msp (name, zone) values ('Northwind', 'UTC');
            insert into posting (msp_id, kind, through_on, items, posted_by) values (1, 'posting', '2026-06-30', 1, 'clerk');
            insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id) values (1, 1, 1, 1, 1);
            insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after) values (1, now(), 'clerk', 'plan.applied', 0, 1, '', '');
            """));
        Assert.Equal("23505", await Refusal(AsOwner(), "insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id) values (1, 1, 1, 1, 1)"));
        Assert.Equal("23503", await Refusal(AsOwner(), "insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id) values (1, 1, 2, 7, 1)"));
    }

    [Fact]
    public async Task A_superuser_is_stopped_by_the_books_themselves()
    {
        foreach (var book in Books)
        {
            Assert.Equal("UB001", await Refusal(connectionString, $"delete from {book}"));
            Assert.Equal("UB001", await Refusal(connectionString, $"update {book} set msp_id = 1"));
            Assert.Equal("UB001", await Refusal(connectionString, $"truncate {book} cascade"));
        }
    }

    private string AsOwner() => new NpgsqlConnectionStringBuilder(connectionString) { Options = $"-c role={owner}" }.ConnectionString;

    private static async Task<string> Refusal(string connection, string statement)
    {
        try
        {
            await Execute(connection, statement);
            return "";
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }

    private static async Task Execute(string connection, string statement)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
#pragma warning disable CA2100 // a test's own text
        await using var command = source.CreateCommand(statement);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
