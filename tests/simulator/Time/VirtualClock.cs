namespace UsageBilling.Tests.Simulator.Time;

/// <summary>Time that passes only when the run moves it.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; private set; } = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void MoveTo(DateTimeOffset at)
    {
        if (at > Now) Now = at;
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.Ticks;
}
