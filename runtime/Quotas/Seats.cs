using Npgsql;
using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Runtime.Quotas;

/// <summary>Seats at the endpoints of vendors: session locks of one connection per silo, so that the seats of a silo that dies are free at once.</summary>
/// <remarks>A lock can only be asked for, not waited for: a statement that waits would keep a snapshot and hold back the vacuum.</remarks>
internal sealed class Seats(NpgsqlDataSource database, TimeProvider clock, Action<string> lost) : IAsyncDisposable
{
    /// <summary>Shorter than a silo may take from the mark of an intent to its first byte.</summary>
    private static readonly TimeSpan WaitLongest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AskAgainFirst = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AskAgainLongest = TimeSpan.FromMilliseconds(250);
    private readonly SemaphoreSlim opening = new(1);
    private SeatSession? session;

    /// <summary>Waits for one of the seats; null when none came free in the longest time.</summary>
    public async Task<Seat?> Take(IntegrationId integration, string endpoint, int seatsMax, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        for (var pause = AskAgainFirst; ; pause = pause * 2 < AskAgainLongest ? pause * 2 : AskAgainLongest)
        {
            var current = await Session(cancellation);
            if (await current.TryTake($"seat:{integration.Value}:{endpoint}", seatsMax) is { } seat) return seat;
            if (clock.GetElapsedTime(began) > WaitLongest) return null;
            await Task.Delay(pause, clock, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (session is not null) await session.DisposeAsync();
        opening.Dispose();
    }

    private async Task<SeatSession> Session(CancellationToken cancellation)
    {
        await opening.WaitAsync(cancellation);
        try
        {
            if (session is { IsLost: false }) return session;
            if (session is not null) await session.DisposeAsync();
            session = null;
            return session = await SeatSession.Open(database, clock, lost, cancellation);
        }
        finally
        {
            opening.Release();
        }
    }
}
