using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Postings;

/// <summary>Statements about tens of thousands of items, inside somebody's transaction.</summary>
internal static class Statements
{
    private const int SecondsMax = 60;

    /// <summary>From now on the transaction may take its time.</summary>
    public static Task Patiently(NpgsqlConnection connection, CancellationToken cancellation) => Write(connection, batch => batch.Add("Postings/patiently"), cancellation);

    /// <summary>Holds the msp's postings until the end of the transaction.</summary>
    public static Task Lock(NpgsqlConnection connection, MspId msp, CancellationToken cancellation) => Write(
        connection,
        batch =>
        {
            batch.Add("Postings/patiently");
            batch.Add("Postings/lock").With(msp.Value);
        },
        cancellation);

    public static async Task Write(NpgsqlConnection connection, Action<NpgsqlBatch> fill, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = SecondsMax };
        fill(batch);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<List<T>> Rows<T>(NpgsqlConnection connection, string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = SecondsMax };
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
