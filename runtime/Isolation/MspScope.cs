using System.Data;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Isolation;

/// <summary>
/// Names the msp whose rows a transaction is about. It holds until the transaction ends, so that the next user of a pooled connection finds nothing of it. For a role that is shown every msp it
/// changes nothing.
/// </summary>
public static class MspScope
{
    /// <summary>Begins a transaction about one msp, in one round trip.</summary>
    public static Task<NpgsqlTransaction> Begin(this NpgsqlConnection connection, MspId msp, CancellationToken cancellation) => connection.Begin(msp, IsolationLevel.ReadCommitted, cancellation);

    /// <summary>The same with another isolation of what it reads.</summary>
    public static async Task<NpgsqlTransaction> Begin(this NpgsqlConnection connection, MspId msp, IsolationLevel isolation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        // The driver sends the beginning along with the first statement
        var transaction = await connection.BeginTransactionAsync(isolation, cancellation);
        await connection.Do("Isolation/set_msp", command => command.With(msp.Value), cancellation);
        return transaction;
    }

    /// <summary>For a transaction that is nothing but one person's turn: its statements are not planned for the values of each.</summary>
    public static Task PlanOnce(this NpgsqlConnection connection, CancellationToken cancellation) => connection.Do("Turns/plan_once", _ => { }, cancellation);

    /// <summary>Makes it the first statement of a batch; its result comes before those of the others. A batch without a transaction around it is one.</summary>
    public static void About(this NpgsqlBatch batch, MspId msp)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Add("Isolation/set_msp").With(msp.Value);
    }

    /// <summary>The same for statements whose filters may be left out: each is planned for the values it has, as long as the transaction lasts.</summary>
    public static void AboutForLists(this NpgsqlBatch batch, MspId msp)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Add("Isolation/set_msp_for_lists").With(msp.Value);
    }

    /// <summary>One statement about one msp, in one round trip and outside any other transaction.</summary>
    internal static async Task<List<T>> RowsOf<T>(
        this NpgsqlConnection connection, MspId msp, string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.About(msp);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.NextRows(fromRow, cancellation);
    }
}
