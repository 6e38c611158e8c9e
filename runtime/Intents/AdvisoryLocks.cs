using Npgsql;

namespace UsageBilling.Runtime.Intents;

/// <summary>
/// Session locks of PostgreSQL on a connection of their own, outside any transaction. PostgreSQL frees them when the process dies, so a
/// lock that can be had proves that its last holder is gone: no lease, no heartbeat.
/// </summary>
public sealed class AdvisoryLocks : ILockSession
{
    private readonly NpgsqlConnection connection;
    private readonly SemaphoreSlim one = new(1);

    private AdvisoryLocks(NpgsqlConnection connection) => this.connection = connection;

    internal static async Task<ILockSession> Open(NpgsqlDataSource database, CancellationToken cancellation) =>
        new AdvisoryLocks(await database.OpenConnectionAsync(cancellation));

    /// <inheritdoc/>
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

/// <summary>Opens sessions of PostgreSQL.</summary>
public sealed class PostgresLockSessions(NpgsqlDataSource database) : ILockSessions
{
    /// <inheritdoc/>
    public Task<ILockSession> Open(CancellationToken cancellation) => AdvisoryLocks.Open(database, cancellation);
}
