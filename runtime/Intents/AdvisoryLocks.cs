using Npgsql;

namespace UsageBilling.Runtime.Intents;

/// <summary>
/// Session locks of PostgreSQL on a connection of their own, outside any transaction. PostgreSQL frees them when the process dies, so a
/// lock that can be had proves that its last holder is gone: no lease, no heartbeat.
/// </summary>
public sealed class AdvisoryLocks : ILockSession
{
    private const int AnswerSeconds = 10;
    private readonly NpgsqlDataSource database;
    private readonly NpgsqlConnection connection;
    private readonly SemaphoreSlim one = new(1);

    private AdvisoryLocks(NpgsqlDataSource database, NpgsqlConnection connection) => (this.database, this.connection) = (database, connection);

    /// <summary>Opens a session with no locks.</summary>
    public static async Task<AdvisoryLocks> Open(NpgsqlDataSource database, CancellationToken cancellation) =>
        new AdvisoryLocks(database, await database.OpenConnectionAsync(cancellation));

    /// <inheritdoc/>
    public async Task<bool> TryTake(string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(SqlText.Load("Intents/try_lock"), connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (bool)(await Ask(command, cancellation))!;
    }

    /// <summary>Frees one lock. False when it was not held.</summary>
    public async Task<bool> Free(string name)
    {
        await using var command = new NpgsqlCommand(SqlText.Load("Intents/unlock"), connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (bool)(await Ask(command, CancellationToken.None))!;
    }

    /// <summary>Returns true if the connection lives, and the locks with it; throws otherwise.</summary>
    public async Task<bool> Prove()
    {
        await using var command = new NpgsqlCommand(SqlText.Load("Intents/now"), connection);
        return await Ask(command, CancellationToken.None) is not null;
    }

    /// <summary>Frees every lock.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand(SqlText.Load("Intents/unlock_all"), connection) { CommandTimeout = AnswerSeconds };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the locks with it. If it is not, the pool may not keep it: its next user would hold them, and nothing would free them
            database.Clear();
        }

        await connection.DisposeAsync();
        one.Dispose();
    }

    /// <summary>Nothing here waits for anybody: an answer that takes long is a connection that is lost.</summary>
    private async Task<object?> Ask(NpgsqlCommand command, CancellationToken cancellation)
    {
        command.CommandTimeout = AnswerSeconds;
        await one.WaitAsync(cancellation);
        try
        {
            return await command.ExecuteScalarAsync(cancellation);
        }
        finally
        {
            one.Release();
        }
    }
}

/// <summary>Opens sessions of PostgreSQL.</summary>
public sealed class PostgresLockSessions(NpgsqlDataSource database) : ILockSessions
{
    /// <inheritdoc/>
    public async Task<ILockSession> Open(CancellationToken cancellation) => await AdvisoryLocks.Open(database, cancellation);
}
