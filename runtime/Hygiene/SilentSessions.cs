using Npgsql;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Hygiene;

/// <summary>Sessions of the hub that hold rows while their process says nothing: it stands still, or its machine is gone.</summary>
/// <remarks>A process that stops in the middle of sending a batch leaves its session <c>active</c>; PostgreSQL has a time-out for a statement that
/// runs and for a transaction that is idle, and none for that.</remarks>
public sealed class SilentSessions(NpgsqlDataSource database)
{
    /// <summary>What the names of the hub's own sessions begin with.</summary>
    public const string Ours = "usagebilling-";

    /// <summary>A look takes a millisecond; a database that needs longer has other troubles.</summary>
    private const int AnswerSeconds = 5;

    /// <summary>The silent ones, those of other logins and databases left out.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<IReadOnlyList<SilentSession>> Look(CancellationToken cancellation)
    {
        await using var command = Command("Watch/silent_sessions", new NpgsqlParameter<string> { TypedValue = Ours });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.Rows(row => new SilentSession(row.GetInt32(0), row.Instant(1), row.GetString(2), row.GetBoolean(3)), cancellation);
    }

    /// <summary>Ends a session, and with it its transaction; its rows are free at once.</summary>
    /// <returns>False when it said something meanwhile, or is gone.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<bool> End(SilentSession session, CancellationToken cancellation)
    {
        await using var command = Command(
            "Watch/end_silent_session", new NpgsqlParameter<int> { TypedValue = session.Process }, new NpgsqlParameter<DateTimeOffset> { TypedValue = session.LastWordAt });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] values)
    {
        var command = database.CreateCommand(SqlText.Load(sql));
        command.CommandTimeout = AnswerSeconds;
        command.Parameters.AddRange(values);
        return command;
    }
}

/// <summary>A session that holds rows and waits for its client.</summary>
/// <param name="Process">PostgreSQL's process of it.</param>
/// <param name="LastWordAt">When it last heard from its client, by PostgreSQL's clock.</param>
/// <param name="Application">Which part of the hub it belongs to.</param>
/// <param name="Awaited">Whether somebody waits for a row of it.</param>
public sealed record SilentSession(int Process, DateTimeOffset LastWordAt, string Application, bool Awaited);
