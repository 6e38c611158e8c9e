using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Runtime.Hygiene;
using UsageBilling.Silo;
using UsageBilling.Silo.Hygiene;
using UsageBilling.Tests.System.Connectors;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Hygiene;

/// <summary>A silo that stands still in the middle of a batch keeps its rows and no time-out of PostgreSQL ends it: the others do, and nobody who is at work.</summary>
public sealed class SilenceTests
{
    private const string SomebodyWaits = "select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";

    private static readonly HygieneOptions Limits = new();

    [Fact]
    public async Task A_session_that_stopped_in_the_middle_of_a_batch_is_ended_for_those_who_wait()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database);
        await using var frozen = await Session.Holding(database, "usagebilling-silo");
        await frozen.StopInTheMiddle();
        var waiting = database.Sql("update service_line set ver = ver + 1");
        while (!await database.Scalar<bool>(SomebodyWaits))
        {
            // the other silo's turn is on its way to the row
        }

        await watch.Look();
        watch.Clock.Advance(Limits.AwaitedSilence - TimeSpan.FromTicks(1));
        await watch.Look();
        Assert.Empty(watch.Said);
        watch.Clock.Advance(TimeSpan.FromTicks(1));
        await watch.Look();

        await waiting;
        Assert.Equal(["7006 A session of usagebilling-silo held rows and said nothing for 3 s, and was ended; others waited for it: True"], watch.Said);
        Assert.Equal(2, await database.Scalar<int>("select ver from service_line"));
    }

    [Fact]
    public async Task A_session_whose_rows_are_stepped_over_is_ended_a_little_later()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database);
        await using var frozen = await Session.Holding(database, "usagebilling-quartz");
        await watch.Look();
        watch.Clock.Advance(Limits.LongestSilence - TimeSpan.FromTicks(1));
        await watch.Look();
        Assert.Empty(watch.Said);

        watch.Clock.Advance(TimeSpan.FromTicks(1));
        await watch.Look();

        Assert.Equal(["7006 A session of usagebilling-quartz held rows and said nothing for 6 s, and was ended; others waited for it: False"], watch.Said);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => frozen.Say("select 1"));
    }

    [Fact]
    public async Task A_slow_statement_is_not_ended_however_many_wait()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database);
        await using var slow = await Session.Holding(database, "usagebilling-silo");
        using var enough = new CancellationTokenSource();
        var sleeping = slow.Say("select pg_sleep(600)", enough.Token);
        var waiting = database.Sql("update service_line set ver = ver + 1");
        while (!await database.Scalar<bool>(SomebodyWaits))
        {
            // somebody waits for the row of the slow one
        }

        await watch.LookFor(TimeSpan.FromMinutes(10));

        Assert.Empty(watch.Said);
        Assert.False(sleeping.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleeping);
        await slow.DisposeAsync();
        await waiting;
    }

    [Fact]
    public async Task A_session_that_goes_on_and_those_of_strangers_are_left_alone()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database);
        await using var stranger = await Session.Holding(database, "psql");
        await using var busy = await Session.Open(database, "usagebilling-silo");
        await busy.Say("insert into api_key (id, msp_id, name, secret_sha256, scope) values ('k', 1, 'k', '', 'viewer')");
        await using var reading = await Session.Open(database, "usagebilling-silo");
        await reading.Say("select 1");
        for (var said = 0; said < 5; said++)
        {
            await watch.Look();
            watch.Clock.Advance(Limits.LongestSilence);
            await busy.Say("select 1");
        }

        await watch.Look();

        Assert.Empty(watch.Said);
        await stranger.Say("select 1");
        await reading.Say("select 1");
    }

    [Fact]
    public async Task A_watch_that_cannot_look_says_so_once_and_looks_again()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database);
        await watch.Look();
        await database.Sql("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        await watch.Look();
        await watch.Look();

        Assert.StartsWith("7005 The database cannot be watched", Assert.Single(watch.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_night_goes_on_over_a_silo_that_stopped_in_the_middle_of_a_batch()
    {
        await using var demo = await DemoMsp.Mapped();
        await using var frozen = await Session.Open(demo.Hub.ConnectionString, "usagebilling-silo");
        await frozen.Say("select from service_line where remote_id = '8007' for no key update");
        await frozen.StopInTheMiddle();
        await demo.RequestNight();
        await using var silo = await SiloServer.Start(demo.Hub.SiloOptions() with { Hygiene = new() { SilenceEvery = TimeSpan.FromMilliseconds(100), LongestSilence = TimeSpan.FromMilliseconds(500) } }, default);

        await demo.UntilQuiet("the night, with the line that the frozen silo held");

        await FirstNight.Stands(demo);
    }

    /// <summary>A watch with a clock to move and a log to read.</summary>
    private sealed class Watch : IAsyncDisposable, ILogger<SilenceWatch>
    {
        private readonly NpgsqlDataSource source;
        private readonly SilenceWatch watch;
        private readonly List<string> said = [];

        public Watch(TidyDatabase database)
        {
            source = NpgsqlDataSource.Create(database.ConnectionString);
            watch = new(new SilentSessions(source), Limits, Clock, this);
        }

        public HandClock Clock { get; } = new();

        public IReadOnlyList<string> Said => said;

        public Task Look() => watch.Look(default);

        public async Task LookFor(TimeSpan time)
        {
            for (var left = time; left > TimeSpan.Zero; left -= Limits.AwaitedSilence)
            {
                await Look();
                Clock.Advance(Limits.AwaitedSilence);
            }
        }

        public ValueTask DisposeAsync() => source.DisposeAsync();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            said.Add($"{eventId.Id} {formatter(state, exception)}");
    }

    /// <summary>A session in a transaction, which goes away as a process does: without a word.</summary>
    private sealed class Session : IAsyncDisposable
    {
        private readonly NpgsqlConnection connection;
        private TextWriter? half;

        private Session(NpgsqlConnection connection) => this.connection = connection;

        public static Task<Session> Open(TidyDatabase database, string application) => Open(database.ConnectionString, application);

        public static async Task<Session> Open(string connectionString, string application)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = application, Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await new NpgsqlCommand("begin", connection).ExecuteNonQueryAsync();
            return new(connection);
        }

        /// <summary>It has the line's row.</summary>
        public static async Task<Session> Holding(TidyDatabase database, string application)
        {
            var session = await Open(database, application);
            await session.Say("select from service_line for no key update");
            return session;
        }

        public async Task Say(string sql, CancellationToken cancellation = default)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
        }

        /// <summary>Begins a statement and does not end it: PostgreSQL waits for the rest, as for that of a batch.</summary>
        public async Task StopInTheMiddle() => half = await connection.BeginTextImportAsync("copy api_key (id) from stdin");

        public async ValueTask DisposeAsync()
        {
            try
            {
                if (half is not null) await half.DisposeAsync();
                await connection.DisposeAsync();
            }
            catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException or ObjectDisposedException)
            {
                // it was ended, as it should be
            }
        }
    }
}
