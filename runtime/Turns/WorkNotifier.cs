using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace UsageBilling.Runtime.Turns;

/// <summary>Tells other processes, after the commit, that it left work behind: <c>NOTIFY usagebilling_work</c> with the <see cref="WorkKinds"/> as a number.</summary>
/// <remarks>The first signal goes out at once; those of the next <see cref="Between"/> are told together. A hint only: when it cannot be sent it is
/// logged and forgotten, because the poke finds the work without it.</remarks>
public sealed partial class WorkNotifier : IAsyncDisposable
{
    /// <summary>At most one notification in this time.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LastWordLongest = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource database;
    private readonly WorkSignal signal;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource stopping = new();
    private readonly Task telling;
    private int untold;

    private WorkNotifier(NpgsqlDataSource database, WorkSignal signal, TimeProvider clock, ILogger logger)
    {
        this.database = database;
        this.signal = signal;
        this.clock = clock;
        this.logger = logger;
        signal.Raised += Remember;
        telling = Task.Run(Tell);
    }

    /// <summary>Passes on every signal from here on, until it is disposed.</summary>
    public static WorkNotifier Start(NpgsqlDataSource database, WorkSignal signal, TimeProvider clock, ILogger logger) => new(database, signal, clock, logger);

    /// <summary>Stops listening and tells what is still untold, if that can be done within two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        signal.Raised -= Remember;
        await stopping.CancelAsync();
        await telling;
        using var last = new CancellationTokenSource(LastWordLongest, clock);
        await TellOnce(last.Token);
        stopping.Dispose();
    }

    private void Remember(WorkKinds kinds)
    {
        Interlocked.Or(ref untold, (int)kinds);
        wake.Writer.TryWrite(true);
    }

    private async Task Tell()
    {
        try
        {
            while (true)
            {
                await wake.Reader.ReadAsync(stopping.Token);
                await TellOnce(stopping.Token);
                await Task.Delay(Between, clock, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed
        }
    }

    private async Task TellOnce(CancellationToken cancellation)
    {
        var kinds = Interlocked.Exchange(ref untold, 0);
        if (kinds == 0) return;
        try
        {
            await using var command = database.CreateCommand(SqlText.Load("Turns/notify_work"));
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kinds.ToString(CultureInfo.InvariantCulture) });
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Or(ref untold, kinds);
        }
        catch (Exception fault) when (fault is NpgsqlException || Transient.Is(fault))
        {
            LogUntold((WorkKinds)kinds, fault.Message);
        }
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "Other processes could not be told of {Kinds}: {Reason} The poke will find the work.")]
    private partial void LogUntold(WorkKinds kinds, string reason);
}
