using Npgsql;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Reads columns as the values of the trade.</summary>
internal static class Fields
{
    public static async Task<List<T>> Rows<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(fromRow(reader));
        return rows;
    }

    public static async Task<List<T>> NextRows<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        if (!await reader.NextResultAsync(cancellation)) throw new InvalidOperationException("A load asked for fewer results than it reads.");
        return await reader.Rows(fromRow, cancellation);
    }

    public static DateOnly Date(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateOnly>(column);

    public static DateOnly? MaybeDate(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Date(column);

    public static DateTimeOffset Instant(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? MaybeInstant(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static Units? Units(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new Units(row.GetDecimal(column));
}
