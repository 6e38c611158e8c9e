using Npgsql;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Quotas;

/// <summary>The connection that holds a silo's seats. When it is lost, PostgreSQL has given the seats to others: every call under way is told.</summary>
internal sealed class SeatSession : IAsyncDisposable
{
    /// <summary>A connection that dies without a word is found out after this long, and the time its answer may take.</summary>
    private static readonly TimeSpan ProveEvery = TimeSpan.FromSeconds(1);

    private readonly AdvisoryLocks locks;
    private readonly TimeProvider clock;
    private readonly Action<string> whenLost;
    private readonly HashSet<string> held = [];
    // Never disposed: calls that are being broken off still hold its token
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource ending = new();
    private readonly Task proving;
    private bool told;

    private SeatSession(AdvisoryLocks locks, TimeProvider clock, Action<string> whenLost)
    {
        (this.locks, this.clock, this.whenLost) = (locks, clock, whenLost);
        Lost = lost.Token;
        proving = Prove();
    }

    public bool IsLost => Lost.IsCancellationRequested;

    /// <summary>Cancelled with the connection.</summary>
    public CancellationToken Lost { get; }

    public static async Task<SeatSession> Open(NpgsqlDataSource database, TimeProvider clock, Action<string> whenLost, CancellationToken cancellation) =>
        new(await AdvisoryLocks.Open(database, cancellation), clock, whenLost);

    /// <summary>A seat that nobody has; null when all are taken.</summary>
    /// <remarks>The same session would be given a lock twice: what is held here is not asked for again. Never broken off halfway, or a lock could be held that nobody knows of.</remarks>
    public async Task<Seat?> TryTake(string name, int seatsMax)
    {
        for (var number = 1; number <= seatsMax; number++)
        {
            var seat = $"{name}:{number}";
            lock (held)
                if (!held.Add(seat)) continue;
            if (await Do(() => locks.TryTake(seat, CancellationToken.None))) return new Seat(this, seat);
            Forget(seat);
        }

        return null;
    }

    public async ValueTask Free(string seat)
    {
        await Do(() => locks.Free(seat));
        Forget(seat);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await proving;
        Lose(null);
        await locks.DisposeAsync();
        ending.Dispose();
    }

    private void Forget(string seat)
    {
        lock (held) held.Remove(seat);
    }

    private bool AnyHeld()
    {
        lock (held) return held.Count > 0;
    }

    private async Task Prove()
    {
        try
        {
            while (!IsLost)
            {
                await Task.Delay(ProveEvery, clock, ending.Token);
                if (AnyHeld()) await Do(locks.Prove);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Disposed
        }
    }

    private async Task<bool> Do(Func<Task<bool>> ask)
    {
        try
        {
            return !IsLost && await ask();
        }
        catch (Exception fault) when (Transient.Is(fault) || fault is InvalidOperationException)
        {
            Lose(fault.Message);
            return false;
        }
    }

    private void Lose(string? reason)
    {
        if (Interlocked.Exchange(ref told, true)) return;
        if (reason is not null) whenLost(reason);
        lost.Cancel();
    }
}

/// <summary>A seat, to be given back.</summary>
internal sealed class Seat(SeatSession session, string name) : IAsyncDisposable
{
    public CancellationToken Lost { get; } = session.Lost;

    public ValueTask DisposeAsync() => session.Free(name);
}
