using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.System.Connectors;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api;

public sealed class WorkNotificationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly WorkKinds Every = Enum.GetValues<WorkKinds>().Aggregate((all, kind) => all | kind);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WorkSignal signal = new();
    private readonly HandClock clock = new();
    private readonly Channel<WorkKinds> heard = Channel.CreateUnbounded<WorkKinds>();

    [Fact]
    public async Task What_is_signalled_here_is_heard_there_and_signals_close_together_are_one()
    {
        await using var listener = await Listen();
        await using var notifier = WorkNotifier.Start(postgres.Source, signal, clock, NullLogger.Instance);

        signal.Raise(WorkKinds.Turns);
        Assert.Equal(WorkKinds.Turns, await Next());
        await clock.SomebodyWaits(WorkNotifier.Between);
        signal.Raise(WorkKinds.Reads);
        signal.Raise(WorkKinds.Intents);
        signal.Raise(WorkKinds.None);
        signal.Raise(WorkKinds.Reads);
        await Tell("8");
        Assert.Equal(WorkKinds.Runs, await Next());
        clock.Advance(WorkNotifier.Between);

        Assert.Equal(WorkKinds.Reads | WorkKinds.Intents, await Next());
        Assert.False(heard.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Every_kind_of_work_is_heard()
    {
        await using var listener = await Listen();
        await using (WorkNotifier.Start(postgres.Source, signal, clock, NullLogger.Instance)) signal.Raise(Every);

        Assert.Equal(Every, await Next());
    }

    [Fact]
    public async Task A_notifier_that_ends_tells_the_last_of_it()
    {
        await using var listener = await Listen();
        await using (WorkNotifier.Start(postgres.Source, signal, clock, NullLogger.Instance))
        {
            signal.Raise(WorkKinds.Turns);
            await Next();
            await clock.SomebodyWaits(WorkNotifier.Between);
            signal.Raise(WorkKinds.Runs);
        }

        Assert.Equal(WorkKinds.Runs, await Next());
    }

    [Fact]
    public async Task A_notification_that_cannot_be_sent_is_forgotten_and_the_next_one_goes_out()
    {
        await using var listener = await Listen();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxPoolSize = 1, Timeout = 1 });
        await using var notifier = WorkNotifier.Start(source, signal, clock, NullLogger.Instance);
        await using (await source.OpenConnectionAsync())
        {
            signal.Raise(WorkKinds.Turns);
            await clock.SomebodyWaits(WorkNotifier.Between);
        }

        signal.Raise(WorkKinds.Reads);
        clock.Advance(WorkNotifier.Between);

        Assert.Equal(WorkKinds.Reads, await Next());
    }

    [Fact]
    public async Task A_listener_that_loses_its_connection_comes_back_and_reports_every_kind_once()
    {
        await using var listener = await Listen();

        await Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()");
        await clock.SomebodyWaits(TimeSpan.FromMilliseconds(100));
        clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(Every, await Next());
        await Tell("4");
        Assert.Equal(WorkKinds.Intents, await Next());
    }

    [Fact]
    public async Task Notifications_that_are_not_work_kinds_are_not_heard()
    {
        await using var listener = await Listen();

        foreach (var payload in (string[])["", "everything", "-1", "0", "4096", "99999999999", "1"]) await Tell(payload);

        Assert.Equal(WorkKinds.Turns, await Next());
    }

    private async Task<WorkListener> Listen()
    {
        var listener = WorkListener.Start(postgres.Source, kinds => heard.Writer.TryWrite(kinds), clock, NullLogger.Instance);
        await listener.Listening.WaitAsync(Patience);
        return listener;
    }

    private async Task<WorkKinds> Next() => await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private Task Tell(string payload) => Execute($"select pg_notify('usagebilling_work', '{payload}')");

    private async Task Execute(string statement)
    {
#pragma warning disable CA2100 // a test's own text
        await using var command = postgres.Source.CreateCommand(statement);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
