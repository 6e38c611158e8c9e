namespace UsageBilling.Tests.System.Connectors;

/// <summary>A clock that moves by hand. Timers fire inside <see cref="Advance"/>, so no test waits in real time.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<HandTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Set)> _awaited = [];
    private DateTimeOffset _now = new(2026, 9, 21, 3, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Done when somebody has begun to wait exactly so long.</summary>
    public Task SomebodyWaits(TimeSpan due)
    {
        lock (_lock)
        {
            if (_timers.Exists(timer => timer.Due == due)) return Task.CompletedTask;
            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((due, set));
            return set.Task;
        }
    }

    public void Advance(TimeSpan by)
    {
        List<HandTimer> due;
        lock (_lock)
        {
            _now += by;
            due = _timers.FindAll(timer => timer.At <= _now);
            _timers.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Fire());
    }

    private void Set(HandTimer timer, TimeSpan due)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (due == Timeout.InfiniteTimeSpan) return;
            timer.Due = due;
            timer.At = _now + due;
            _timers.Add(timer);
            foreach (var (_, set) in _awaited.FindAll(awaited => awaited.Due == due)) set.TrySetResult();
            _awaited.RemoveAll(awaited => awaited.Due == due);
        }
    }

    private void Remove(HandTimer timer)
    {
        lock (_lock) _timers.Remove(timer);
    }

    private sealed class HandTimer(HandClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public DateTimeOffset At { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
