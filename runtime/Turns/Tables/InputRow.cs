using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>What feeds the lines of one account: a tenant and metric, loaded once for all of them.</summary>
/// <param name="Last">The tenant's last value, standing since its night; null when it was never read.</param>
/// <param name="History">What was read night by night, where some line looks further back than the last value has stood.</param>
/// <param name="Fed">Whether a feed tells of it.</param>
internal sealed record InputRow(
    InputKey Key, ProductTenantId Tenant, DateOnly From, DateOnly? Until, DateTimeOffset MappedAt, bool SourceParked, InputReading? Last, Sequence<InputReading> History, bool Fed)
{
    /// <summary>Nights before a line's first night of interest from which readings are looked at: what was read last before it.</summary>
    private const int NightsBefore = 40;

    public static InputRow FromRow(NpgsqlDataReader row) => new(
        new(row.GetInt64(0), new(row.GetString(1), row.GetString(2))), new(row.GetInt64(3)), row.Date(4), row.MaybeDate(5), row.Instant(6), row.GetBoolean(7), Reading(row, 8),
        Reading(row, 13) is { } reading ? [reading] : [], row.GetBoolean(18));

    /// <summary>One input per tenant, metric and span, with all that was read of it, from rows in that order.</summary>
    public static ILookup<InputKey, InputRow> Grouped(IReadOnlyList<InputRow> rows)
    {
        var inputs = new List<InputRow>(rows.Count);
        foreach (var row in rows)
        {
            if (inputs.Count > 0 && inputs[^1] is var last && last.Tenant == row.Tenant && last.From == row.From && last.Until == row.Until && last.Key == row.Key)
                inputs[^1] = last with { History = Sequence.From(last.History.Concat(row.History)) };
            else inputs.Add(row);
        }

        return inputs.ToLookup(input => input.Key);
    }

    /// <summary>The input as a line sees it that looks at nights from a date on; null when it fed nothing since.</summary>
    public LineInput? Since(DateOnly since)
    {
        if (Until < since) return null;
        Sequence<InputReading> readings = Last is not { } last ? []
            : last.Night <= since ? [last]
            : Sequence.From(History.Where(reading => reading.Night >= since.AddDays(-NightsBefore)));
        return new(Tenant, Key.Metric.Metric, From, Until, MappedAt, readings, SourceParked, Fed);
    }

    private static InputReading? Reading(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new(row.Date(column), row.Units(column + 1), (Evidence)row.GetInt16(column + 2), row.Text(column + 3), row.Instant(column + 4));
}

/// <summary>A metric of the tenants of an account.</summary>
internal readonly record struct InputKey(long Account, BasisMetric Metric);
