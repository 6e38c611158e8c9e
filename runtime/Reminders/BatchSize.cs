namespace UsageBilling.Runtime.Reminders;

/// <summary>How many deliveries one transaction takes: as many as fit into a comfortable time.</summary>
internal sealed class BatchSize(TimeProvider clock)
{
    public const int Smallest = 50;
    public const int Largest = 1_000;

    /// <summary>A shard is drained this long at most before another gets its turn.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);

    private volatile int most = 400;

    /// <summary>Takes a batch, and learns from it how large the next may be.</summary>
    /// <param name="take">Takes so many deliveries at most; says how many moved, and whether there were more. A claim counts contracts and a batch lines: only whether something was left tells that it was full.</param>
    public async Task<int> Timed(Func<int, Task<(int Moved, bool Full)>> take)
    {
        var started = clock.GetTimestamp();
        var asked = most;
        var (moved, full) = await take(asked);
        var elapsed = clock.GetElapsedTime(started);
        if (elapsed > Slow) most = Math.Max(Smallest, asked / 2);
        else if (elapsed < Quick && full) most = Math.Min(Largest, asked + (asked / 4));
        return moved;
    }
}
