namespace UsageBilling.Runtime.Intents;

/// <summary>Opens sessions that hold locks of the whole cluster.</summary>
public interface ILockSessions
{
    /// <summary>Opens a session; it holds its locks until it is disposed or dies.</summary>
    Task<ILockSession> Open(CancellationToken cancellation);
}

/// <summary>Holds locks outside any transaction. They are free the moment the session is gone, however it went.</summary>
public interface ILockSession : IAsyncDisposable
{
    /// <summary>Takes a lock if nobody has it.</summary>
    /// <param name="name">What is locked, for example <c>read:17</c>.</param>
    Task<bool> TryTake(string name, CancellationToken cancellation);
}

/// <summary>Work under locks.</summary>
public static class LockedWork
{
    /// <summary>Does a piece of work that only one silo may do at a time, if nobody does it and it is still there once the lock is held.</summary>
    /// <param name="name">What is locked, for example <c>read:17</c>.</param>
    /// <returns>Whether the work was done here.</returns>
    public static async Task<bool> Alone(
        this ILockSessions sessions, string name, Func<CancellationToken, Task<bool>> stillThere, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        await using var locks = await sessions.Open(cancellation);
        if (!await locks.TryTake(name, cancellation) || !await stillThere(cancellation)) return false;
        await work(cancellation);
        return true;
    }
}
