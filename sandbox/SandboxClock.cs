namespace UsageBilling.Sandbox;

/// <summary>The date the vendors believe in: the given clock, moved by hand. It runs on from wherever it is set.</summary>
public sealed class SandboxClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private TimeSpan offset = TimeSpan.Zero;

    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
                return time.GetUtcNow() + offset;
        }
    }

    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    public void Set(DateTimeOffset now)
    {
        lock (gate)
            offset = now - time.GetUtcNow();
    }

    public void Advance(TimeSpan by)
    {
        lock (gate)
            offset += by;
    }
}
