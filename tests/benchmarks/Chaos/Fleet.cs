using UsageBilling.Benchmarks.Load;

namespace UsageBilling.Benchmarks.Chaos;

/// <summary>The silos of a round. Whoever dies is replaced, as a supervisor would.</summary>
/// <param name="round">Ends every start that is under way.</param>
internal sealed class Fleet(string connection, Population population, CancellationToken round) : IAsyncDisposable
{
    public const int Silos = 3;

    /// <summary>A silo does not come up while the database is down; its supervisor starts it again.</summary>
    private const int StartsMax = 20;

    private static readonly TimeSpan BetweenStarts = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly List<BenchSilo> running = [];
    private readonly List<BenchSilo> frozen = [];
    private readonly List<Task> starting = [];

    /// <summary>Silos that ended although nobody killed them.</summary>
    public int EndedByThemselves { get; private set; }

    public int Frozen
    {
        get
        {
            lock (gate) return frozen.Count;
        }
    }

    public Task Start() => Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => StartOne()));

    /// <summary>Takes a running silo out, if another one keeps running.</summary>
    public BenchSilo? Take(Random dice)
    {
        lock (gate)
        {
            if (running.Count < 2) return null;
            var chosen = running[dice.Next(running.Count)];
            running.Remove(chosen);
            return chosen;
        }
    }

    /// <summary>Kills a silo that was taken out, and starts another one meanwhile.</summary>
    public async Task Kill(BenchSilo silo)
    {
        await silo.Kill();
        await silo.DisposeAsync();
        lock (gate) starting.Add(StartOne());
    }

    /// <summary>Lets a silo that was taken out stand still for a while.</summary>
    public async Task Freeze(BenchSilo silo, TimeSpan time, CancellationToken cancellation)
    {
        lock (gate) frozen.Add(silo);
        await silo.Freeze();
        try
        {
            await Task.Delay(time, Machine.Clock, cancellation);
        }
        finally
        {
            await silo.Wake();
            lock (gate)
            {
                frozen.Remove(silo);
                running.Add(silo);
            }
        }
    }

    /// <summary>Starts others for those that ended by themselves.</summary>
    public async Task ReplaceTheDead()
    {
        List<BenchSilo> dead;
        List<Task> started;
        lock (gate)
        {
            dead = [.. running.Where(silo => silo.HasExited)];
            running.RemoveAll(dead.Contains);
            EndedByThemselves += dead.Count;
            foreach (var _ in dead) starting.Add(StartOne());
            started = [.. starting.Where(start => start.IsCompleted)];
            starting.RemoveAll(started.Contains);
        }

        foreach (var silo in dead) await silo.DisposeAsync();
        await Task.WhenAll(started);
    }

    /// <summary>Waits until every silo is up that was to be started.</summary>
    public async Task Complete()
    {
        Task[] starts;
        lock (gate) starts = [.. starting];
        await Task.WhenAll(starts);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(running.Select(silo => silo.DisposeAsync().AsTask()));
    }

    private async Task StartOne()
    {
        for (var start = 1; ; start++)
        {
            try
            {
                var silo = await BenchSilo.StartDispatching(connection, population, round);
                lock (gate) running.Add(silo);
                return;
            }
            catch (BenchException) when (start < StartsMax)
            {
                await Task.Delay(BetweenStarts, Machine.Clock, round);
            }
        }
    }
}
