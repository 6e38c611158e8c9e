using Npgsql;
using UsageBilling.Api.Resources;
using UsageBilling.Grains.Billing;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Explaining;

/// <summary>Rows of <c>runtime/Sql/Explain</c>.</summary>
internal static class ExplanationRows
{
    public static (RecordedCount Count, DateTimeOffset At) Count(NpgsqlDataReader row) => (
        new(row.GetInt32(5), new(row.Date(0), row.GetInt32(1), new(row.GetDecimal(2)), row.Date(3), row.GetString(4))), row.Instant(6));

    public static ReadingResource Reading(NpgsqlDataReader row) => new(
        new(row.GetInt64(0), row.GetString(1)), row.GetString(2), row.GetString(3), row.MaybeDate(4), row.Units(5)?.ToString(),
        row.IsDBNull(6) ? null : Words.Of((Evidence)row.GetInt16(6)), row.Text(7), row.MaybeInstant(8), Mapped(row, 9), Mapped(row, 15));

    public static ClosedHoldResource Hold(NpgsqlDataReader row)
    {
        var (reason, night, previous, proposed) = (row.GetString(1), row.Date(2), row.GetDecimal(3), row.IsDBNull(4) ? (decimal?)null : row.GetDecimal(4));
        return new(
            row.GetInt64(0), reason, Words.Hold(reason, night, previous, proposed), night, Words.Number(previous), Words.MaybeNumber(proposed), row.GetInt32(5),
            row.Instant(6), row.Instant(7), row.Text(8), row.Text(9));
    }

    private static MappedResource Mapped(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first), row.GetString(first + 1), row.GetInt32(first + 2), row.Date(first + 3), row.MaybeDate(first + 4), row.Instant(first + 5));
}
