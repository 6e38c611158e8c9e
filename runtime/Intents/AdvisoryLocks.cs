using Npgsql;

namespace UsageBilling.Runtime.Intents;

/// <summary>
/// Session locks of PostgreSQL on a connection of their own, outside any transaction. PostgreSQL frees them when the process dies, so a
/// lock that can be had proves that its last holder is gone: no lease, no heartbeat.
/// </summary>
public sealed class AdvisoryLocks : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly SemaphoreSlim one = new(1);

    private AdvisoryLocks(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Opens the connection that will hold the locks until it is disposed.</summary>
    public static async Task<AdvisoryLocks> Open(NpgsqlDataSource database, CancellationToken cancellation) =>
        new(await database.OpenConnectionAsync(cancellation));

    /// <summary>Does a piece of work that only one silo may do at a time, if nobody does it and it is still there once the lock is held.</summary>
    /// <param name="name">What is locked, for example <c>read:17</c>.</param>
    /// <returns>Whether the work was done here.</returns>
    public static async Task<bool> Alone(
        NpgsqlDataSource database, string name, Func<CancellationToken, Task<bool>> stillThere, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        await using var locks = await Open(database, cancellation);
        if (!await locks.TryTake(name, cancellation) || !await stillThere(cancellation)) return false;
        await work(cancellation);
        return true;
    }

    /// <summary>Takes a lock if nobody has it.</summary>
    /// <param name="name">What is locked, for example <c>read:17</c>.</param>
    public async Task<bool> TryTake(string name, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(SqlText.Load("Intents/try_lock"), connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Frees every lock.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand(SqlText.Load("Intents/unlock_all"), connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the locks with it.
        }

        await connection.DisposeAsync();
        one.Dispose();
    }
}
