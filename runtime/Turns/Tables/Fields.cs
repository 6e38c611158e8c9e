using Npgsql;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Reads columns as the values of the trade.</summary>
public static class Fields
{
    /// <summary>Every row of the current result.</summary>
    public static async Task<List<T>> Rows<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(fromRow(reader));
        return rows;
    }

    /// <summary>Every row of the next result of a batch.</summary>
    /// <exception cref="InvalidOperationException">There is no further result.</exception>
    public static async Task<List<T>> NextRows<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        if (!await reader.NextResultAsync(cancellation)) throw new InvalidOperationException("A load asked for fewer results than it reads.");
        return await reader.Rows(fromRow, cancellation);
    }

    /// <summary>A date.</summary>
    public static DateOnly Date(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateOnly>(column);

    /// <summary>A date or null.</summary>
    public static DateOnly? MaybeDate(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Date(column);

    /// <summary>An instant.</summary>
    public static DateTimeOffset Instant(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    /// <summary>An instant or null.</summary>
    public static DateTimeOffset? MaybeInstant(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    /// <summary>A text or null.</summary>
    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>An array or null.</summary>
    public static T[]? Values<T>(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<T[]>(column);

    /// <summary>Units or null.</summary>
    public static Units? Units(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new Units(row.GetDecimal(column));
}
