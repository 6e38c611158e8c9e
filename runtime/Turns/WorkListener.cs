using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace UsageBilling.Runtime.Turns;

/// <summary>Hears what the <see cref="WorkNotifier"/> of any process on the same database tells, on a connection of its own.</summary>
/// <remarks>A lost connection is opened again, sooner at first and then every five seconds. What was told meanwhile is lost, so that every kind
/// of work is reported once after each re-connection. A process hears its own notifications too.</remarks>
public sealed partial class WorkListener : IAsyncDisposable
{
    private const WorkKinds Every =
        WorkKinds.Turns | WorkKinds.Reads | WorkKinds.Intents | WorkKinds.Runs | WorkKinds.Jobs | WorkKinds.Tickets | WorkKinds.Webhooks;

    private static readonly TimeSpan BackOffFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackOffLongest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProveAliveAfter = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource database;
    private readonly Action<WorkKinds> heard;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task work;
    private TimeSpan backOff = BackOffFirst;

    private WorkListener(NpgsqlDataSource database, Action<WorkKinds> heard, TimeProvider clock, ILogger logger)
    {
        this.database = database;
        this.heard = heard;
        this.clock = clock;
        this.logger = logger;
        work = Task.Run(Listen);
    }

    /// <summary>Done when the first LISTEN is in place: whatever is told from then on is heard.</summary>
    public Task Listening => listening.Task;

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="heard">Called for each notification, one at a time; must return at once and not throw.</param>
    public static WorkListener Start(NpgsqlDataSource database, Action<WorkKinds> heard, TimeProvider clock, ILogger logger) => new(database, heard, clock, logger);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await work;
        listening.TrySetCanceled();
        stopping.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                try
                {
                    await ListenOnce(stopping.Token);
                }
                catch (Exception fault) when (fault is NpgsqlException || Transient.Is(fault))
                {
                    LogDeaf(fault.Message, backOff);
                    await Task.Delay(backOff, clock, stopping.Token);
                    backOff = backOff * 2 < BackOffLongest ? backOff * 2 : BackOffLongest;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed
        }
    }

    /// <summary>Returns only by an exception. A connection that is silent for long is asked, so that a dead one is found out.</summary>
    private async Task ListenOnce(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        connection.Notification += (_, told) => Hear(told.Payload);
        await using (var listen = new NpgsqlCommand(SqlText.Load("Turns/listen_work"), connection)) await listen.ExecuteNonQueryAsync(cancellation);
        backOff = BackOffFirst;
        if (!listening.TrySetResult()) heard(Every);
        while (true)
        {
            if (await connection.WaitAsync(ProveAliveAfter, cancellation)) continue;
            await using var alive = new NpgsqlCommand(SqlText.Load("Intents/now"), connection);
            await alive.ExecuteScalarAsync(cancellation);
        }
    }

    private void Hear(string payload)
    {
        if (!int.TryParse(payload, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return;
        var kinds = (WorkKinds)number & Every;
        if (kinds != WorkKinds.None) heard(kinds);
    }

    [LoggerMessage(EventId = 1202, Level = LogLevel.Warning, Message = "Notifications of other processes cannot be heard: {Reason} Trying again in {BackOff}.")]
    private partial void LogDeaf(string reason, TimeSpan backOff);
}
