using Npgsql;
using UsageBilling.Runtime;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Embedded;

public sealed class MigrationsTests : IAsyncLifetime
{
    private static readonly Migration First = new(1, "first", "CREATE TABLE one (n int);\nINSERT INTO one VALUES (1);\n");
    private static readonly Migration Second = new(2, "second", "CREATE TABLE two (n int);");
    private static readonly Migration Third = new(3, "third", "INSERT INTO two VALUES (1); INSERT INTO nowhere VALUES (1);");
    private NpgsqlDataSource source = null!;

    public async Task InitializeAsync() => source = NpgsqlDataSource.Create(await PostgresFixture.BareDatabase());

    public Task DisposeAsync() => source.DisposeAsync().AsTask();

    [Fact]
    public async Task Steps_run_once_in_order_and_are_recorded()
    {
        Assert.Equal([1], await Run(First));
        Assert.Equal([2], await Run(First, Second));
        Assert.Empty(await Run(First, Second));

        Assert.Equal($"1 first {First.Checksum}, 2 second {Second.Checksum}", await Scalar(
            "SELECT string_agg(version || ' ' || name || ' ' || checksum, ', ' ORDER BY version) FROM schema_migration"));
        Assert.Equal(1L, await Scalar("SELECT count(*) FROM one"));
    }

    [Fact]
    public async Task Programs_starting_together_apply_each_step_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Run(First, Second, Slow)));

        Assert.Equal([1, 2, 3], applied.SelectMany(versions => versions).Order());
        Assert.Equal(1L, await Scalar("SELECT count(*) FROM one"));
    }

    [Fact]
    public async Task A_failing_step_leaves_nothing_and_the_ones_before_it_stay()
    {
        var failure = await Assert.ThrowsAsync<MigrationException>(() => Run(First, Second, Third));

        Assert.Contains("0003_third", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2L, await Scalar("SELECT count(*) FROM schema_migration"));
        Assert.Equal(0L, await Scalar("SELECT count(*) FROM two"));
        Assert.Equal(0L, await Scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task A_step_that_changed_after_it_was_applied_is_refused()
    {
        await Run(First);

        var failure = await Assert.ThrowsAsync<MigrationException>(() => Run(First with { Sql = "SELECT 1" }, Second));

        Assert.Contains("0001_first was changed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await Scalar("SELECT count(*) FROM schema_migration"));
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused()
    {
        await Run(First, Second);

        var failure = await Assert.ThrowsAsync<MigrationException>(() => Run(First));

        Assert.Contains("0002_second, which this program does not know", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_numbered_before_an_applied_one_or_twice_is_refused()
    {
        await Run(First, Slow);

        var late = await Assert.ThrowsAsync<MigrationException>(() => Run(First, Second, Slow));
        Assert.Contains("0002_second comes before 0003", late.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MigrationException>(() => Run(First, First));
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum() =>
        Assert.Equal(First.Checksum, new Migration(1, "first", First.Sql.Replace("\n", "\r\n", StringComparison.Ordinal)).Checksum);

    [Fact]
    public async Task The_built_in_steps_apply_to_an_empty_database_and_then_rest()
    {
        var applied = await MigrationRunner.Run(source, default);

        Assert.Equal(Migration.BuiltIn.Select(migration => migration.Version), applied);
        Assert.Empty(await MigrationRunner.Run(source, default));
    }

    [Fact]
    public void A_missing_sql_text_is_named()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => SqlText.Load("Turns/no_such_statement"));
        Assert.Contains("runtime/Sql/Turns/no_such_statement.sql", failure.Message, StringComparison.Ordinal);
        Assert.Contains("schema_migration", SqlText.Load("Migrations/applied_migrations"), StringComparison.Ordinal);
    }

    private static Migration Slow => new(3, "slow", "SELECT pg_sleep(0.2); CREATE TABLE three (n int);");

    private Task<IReadOnlyList<int>> Run(params Migration[] migrations) => MigrationRunner.Run(source, migrations, default);

    private async Task<object?> Scalar(string question)
    {
#pragma warning disable CA2100 // Questions are literals of these tests
        await using var command = source.CreateCommand(question);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
