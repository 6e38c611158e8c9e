namespace UsageBilling.Sandbox.Control;

/// <summary>Where requests wait that must not be answered yet. Others can wait for them to have arrived: a signal, not a sleep.</summary>
internal sealed class HoldingRoom(TimeProvider time)
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = Signal();
    private TaskCompletionSource released = Signal();
    private int held;

    /// <summary>Returns when the time is up, when everybody is released, or when the client has left.</summary>
    public async Task Hold(TimeSpan longest, CancellationToken clientLeaves)
    {
        var until = Change(+1);
        try
        {
            await until.WaitAsync(longest, time, clientLeaves);
        }
        catch (Exception ended) when (ended is TimeoutException or OperationCanceledException)
        {
            // both are ordinary ends of a wait
        }
        finally
        {
            _ = Change(-1);
        }
    }

    public void ReleaseAll()
    {
        TaskCompletionSource open;
        lock (gate)
        {
            open = released;
            released = Signal();
        }

        open.SetResult();
    }

    /// <summary>True as soon as that many are held; false when that did not happen in time.</summary>
    public async Task<bool> Reached(int count, TimeSpan longest, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        while (!either.IsCancellationRequested)
        {
            Task news;
            lock (gate)
            {
                if (held >= count)
                    return true;
                news = changed.Task;
            }

            await Task.WhenAny(news, Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token));
        }

        return false;
    }

    private Task Change(int by)
    {
        TaskCompletionSource before;
        Task until;
        lock (gate)
        {
            held += by;
            before = changed;
            changed = Signal();
            until = released.Task;
        }

        before.SetResult();
        return until;
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
