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

    public async Task<int> Timed(Func<int, Task<int>> take)
    {
        var started = clock.GetTimestamp();
        var asked = most;
        var taken = await take(asked);
        var elapsed = clock.GetElapsedTime(started);
        if (elapsed > Slow) most = Math.Max(Smallest, asked / 2);
        else if (elapsed < Quick && taken >= asked) most = Math.Min(Largest, asked + (asked / 4));
        return taken;
    }
}
