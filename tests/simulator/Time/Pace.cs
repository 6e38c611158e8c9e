using UsageBilling.Tests.Simulator.Store;

namespace UsageBilling.Tests.Simulator.Time;

/// <summary>Lets a process take its next step after a while, if it still lives by then.</summary>
internal sealed class Pace(Steps steps, VirtualClock clock, Dice dice, Weather weather)
{
    /// <summary>A transaction that waits for a row longer gives up.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    /// <summary>PostgreSQL ends a session that stands still in a transaction longer.</summary>
    private static readonly TimeSpan IdleInTransactionMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(0.2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(12);

    public Action<Process>? Died { get; set; }

    /// <summary>One round trip to the database.</summary>
    public async Task Database(Process process)
    {
        await Step(process, dice.Within(Blink, Moment));
        if (weather.LosesConnection()) throw new IOException("The connection to the database was lost.");
    }

    /// <summary>Waits for a row that somebody else holds, as long as one may.</summary>
    public async Task Lock(Process process, Transaction transaction, RowKey key, TimeSpan patience)
    {
        var since = clock.Now;
        while (!transaction.TryLock(key))
        {
            if (clock.Now - since > patience) throw new TimeoutException($"{key} was held for longer than {patience.TotalSeconds} s.");
            await Step(process, dice.Within(Moment, Moment * 20));
        }
    }

    /// <summary>Commits, or loses the connection in it: then it happened or not.</summary>
    public async Task Commit(Process process, Transaction transaction)
    {
        await Database(process);
        transaction.MustLive();
        if (!weather.LosesCommit())
        {
            transaction.Commit();
            return;
        }

        if (weather.HeadsOrTails()) transaction.Commit();
        else transaction.RollBack();
        throw new IOException("The connection was lost in the commit.");
    }

    public Task Step(Process process, TimeSpan after)
    {
        Strike(process);
        var done = new TaskCompletionSource();
        if (!process.Dead) Wait(process, done, clock.Now + after);
        return done.Task;
    }

    private void Wait(Process process, TaskCompletionSource done, DateTimeOffset at) => steps.At(at, () =>
    {
        if (process.Dead) return;
        if (process.FrozenUntil > clock.Now) Wait(process, done, process.FrozenUntil);
        else done.SetResult();
    });

    private void Strike(Process process)
    {
        if (process.Dead) return;
        if (weather.Crashes())
        {
            process.Die();
            Died?.Invoke(process);
        }
        else if (weather.Freezes() is { } pause)
        {
            process.FrozenUntil = clock.Now + pause;
            if (pause > IdleInTransactionMax) steps.After(IdleInTransactionMax, process.LoseTransactions);
            if (pause > IdleInTransactionMax && weather.HeadsOrTails()) steps.After(pause / 2, process.LoseConnections);
        }
    }
}
