using Npgsql;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Billing;

/// <summary>Single statements on a connection whose transaction somebody else has begun.</summary>
internal static class Statements
{
    public static async Task<List<T>> Rows<T>(
        this NpgsqlConnection connection, string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }

    public static async Task<T> One<T>(
        this NpgsqlConnection connection, string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation) =>
        (await connection.Rows(sql, fill, fromRow, cancellation)).Single();

    /// <returns>How many rows it changed.</returns>
    public static async Task<int> Do(this NpgsqlConnection connection, string sql, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        return await batch.ExecuteNonQueryAsync(cancellation);
    }
}
