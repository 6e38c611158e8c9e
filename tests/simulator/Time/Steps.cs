namespace UsageBilling.Tests.Simulator.Time;

/// <summary>One thread for everything: what is to happen waits here by time, and whoever awaits it goes on from here, in an order that follows from the seed.</summary>
internal sealed class Steps(VirtualClock clock) : TaskScheduler
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Number)> waiting = new();
    private readonly Queue<Task> ready = new();
    private long number;

    /// <summary>Steps taken so far: what a failing run names.</summary>
    public long Taken { get; private set; }

    public override int MaximumConcurrencyLevel => 1;

    public DateTimeOffset? Next => waiting.TryPeek(out _, out var first) ? first.At : null;

    public void At(DateTimeOffset at, Action what) => waiting.Enqueue(what, (at, number++));

    public void After(TimeSpan delay, Action what) => At(clock.Now + delay, what);

    /// <summary>Begins something that goes on by itself.</summary>
    public Task Begin(Func<Task> work)
    {
        var running = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();
        GoOn();
        return running;
    }

    /// <summary>Takes the next step and everything that can go on because of it. False when nothing waits any more.</summary>
    public bool TakeNext()
    {
        GoOn();
        if (!waiting.TryDequeue(out var what, out var first)) return false;
        clock.MoveTo(first.At);
        Taken++;
        what();
        GoOn();
        return true;
    }

    protected override IEnumerable<Task> GetScheduledTasks() => ready;

    protected override void QueueTask(Task task) => ready.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <summary>Without the caller's context, which would take what is awaited to other threads.</summary>
    private void GoOn()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        while (ready.TryDequeue(out var task)) TryExecuteTask(task);
        SynchronizationContext.SetSynchronizationContext(context);
    }
}
