using Npgsql;

namespace UsageBilling.Runtime.Turns;

/// <summary>
/// The rounds of one transaction that loads and writes apart, each behind a savepoint. At most one round is open, so that what undoes it undoes no other, and
/// fails when there is none.
/// </summary>
internal sealed class Rounds(NpgsqlConnection connection)
{
    private bool open;

    /// <summary>A statement about savepoints by itself.</summary>
    public async Task Do(string sql, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(sql);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Adds to a batch that the round before it is kept, and that the next one begins.</summary>
    public void Begin(NpgsqlBatch batch)
    {
        if (open) batch.Add("Turns/keep_round");
        batch.Add("Turns/mark_round");
        open = true;
    }

    /// <summary>Back to where the open round began; what was locked before it stays locked.</summary>
    public Task Undo(CancellationToken cancellation) => Do("Turns/undo_round", cancellation);

    /// <summary>Writes a batch with error barriers and gathers what was refused, each with the statement that was.</summary>
    public static async Task<IReadOnlyList<PostgresException>> Faults(NpgsqlBatch batch, CancellationToken cancellation)
    {
        // a statement prepared on the way, in what a fault skips, would be missing behind the barrier: of a savepoint, that undoes more than the part
        await batch.PrepareAsync(cancellation);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
            return [];
        }
        catch (PostgresException one)
        {
            return [one];
        }
        catch (NpgsqlException several) when (several.InnerException is AggregateException all && all.InnerExceptions.All(one => one is PostgresException))
        {
            return [.. all.InnerExceptions.Cast<PostgresException>()];
        }
    }
}
