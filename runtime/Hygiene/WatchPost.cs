using Npgsql;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Hygiene;

/// <summary>The place from which one silo watches over the database: a connection that holds the watch's lock for as long as it is open.</summary>
/// <remarks>A silo that dies leaves it at once, with its session; the next one to ask has it.</remarks>
public sealed class WatchPost : IAsyncDisposable
{
    /// <summary>Beyond this many parked, doubtful or held ones it is enough to know that there are more.</summary>
    public const int CountMax = 10_000;

    /// <summary>A look takes milliseconds; a database that needs longer is itself the news.</summary>
    private const int LookSeconds = 10;


    /// <summary>Those that change all the time, and slow the others' work when they are not cleaned up.</summary>
    private static readonly string[] HotTables =
        ["contract", "hold", "integration", "intent", "message", "night", "product_tenant", "reading", "reminder", "run", "service_line", "tenant_count"];

    private readonly NpgsqlConnection connection;

    private WatchPost(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Takes the post if nobody has it.</summary>
    /// <returns>Null when another silo watches.</returns>
    public static async Task<WatchPost?> TryTake(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            await using var take = new NpgsqlCommand(SqlText.Load("Intents/try_lock"), connection);
            take.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "watch" });
            if ((bool)(await take.ExecuteScalarAsync(cancellation))!) return new WatchPost(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Measures everything once, with index probes and PostgreSQL's own statistics.</summary>
    /// <exception cref="NpgsqlException">The database does not answer; the post may be lost: leave it.</exception>
    public async Task<IReadOnlyList<Measure>> Look(CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = LookSeconds };
        batch.Add("Watch/due").With(Shard.Count);
        batch.Add("Watch/transactions");
        batch.Add("Watch/work").With(CountMax);
        batch.Add("Watch/integrations");
        batch.Add("Watch/tables").With(HotTables);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var measures = new List<Measure>();
        do
        {
            while (await reader.ReadAsync(cancellation))
                measures.Add(new(reader.GetString(0), await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetString(1), reader.GetDouble(2)));
        }
        while (await reader.NextResultAsync(cancellation));
        return measures;
    }

    /// <summary>Leaves the post to the next one who asks.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand(SqlText.Load("Intents/unlock_all"), connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }

        await connection.DisposeAsync();
    }
}

/// <summary>One number that the watch saw.</summary>
/// <param name="Name">What was measured, as the statements below <c>runtime/Sql/Watch</c> call it.</param>
/// <param name="Of">Which kind of it; null when there is one only.</param>
/// <param name="Value">Seconds for ages, else how many.</param>
public sealed record Measure(string Name, string? Of, double Value);
