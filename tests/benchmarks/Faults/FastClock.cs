using System.Globalization;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>Time that runs so many times as fast, from an instant at which it was the machine's. The silos, the vendors and the database of a run have the same.</summary>
/// <remarks>What a silo does in production in an hour, its waits and the vendors' windows included, it does here in minutes, and nobody's waits are shortened against anybody else's.</remarks>
internal sealed class FastClock(DateTimeOffset began, int speed) : TimeProvider
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public DateTimeOffset Began { get; } = began;

    public int Speed { get; } = speed;

    public override long TimestampFrequency => Machine.Clock.TimestampFrequency;

    /// <summary>The instant as other processes are told it.</summary>
    public string BeganText => Began.ToString("O", CultureInfo.InvariantCulture);

    public static FastClock FromNow(int speed) => new(Machine.Clock.GetUtcNow(), speed);

    public override DateTimeOffset GetUtcNow() => Began + ((Machine.Clock.GetUtcNow() - Began) * Speed);

    public override long GetTimestamp() => Machine.Clock.GetTimestamp() * Speed;

    /// <summary>What is so long here takes so long on the machine.</summary>
    public TimeSpan OnMachine(TimeSpan time) => time / Speed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(Machine.Clock.CreateTimer(callback, state, Shortened(dueTime), Shortened(period)), this);

    private TimeSpan Shortened(TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return time;
        var shortened = OnMachine(time);
        return shortened < Shortest ? Shortest : shortened;
    }

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Shortened(dueTime), clock.Shortened(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
