using System.Globalization;
using Npgsql;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Nights;

/// <summary>What an msp has set, or is to have.</summary>
/// <param name="Name">1 to 200 characters; no other msp of the hub has it.</param>
/// <param name="Zone">An IANA name, for example <c>America/New_York</c>.</param>
/// <param name="NightAt">When a night begins on its date, to the minute.</param>
/// <param name="Currency">ISO 4217. Null, in what is wanted only, keeps the one that is set.</param>
/// <param name="Limits">When a count becomes a hold.</param>
/// <param name="Apply">How much a plan may change a contract and be applied without a person.</param>
/// <param name="FourEyes">Whether a plan is applied by another person than who made it.</param>
public sealed record MspEntry(string Name, string Zone, TimeOnly NightAt, string? Currency, HoldLimits Limits, ApplyLimits Apply, bool FourEyes)
{
    /// <summary>The run time of an msp that names none.</summary>
    public static readonly TimeOnly NightAtDefault = new(0, 30);

    internal NightCalendar Calendar => NightCalendar.Of(Zone, NightAt);

    /// <summary>A run time as people write it, for example <c>00:30</c>.</summary>
    /// <returns>Null when it is anything else.</returns>
    public static TimeOnly? TimeOf(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    internal static MspEntry FromRow(NpgsqlDataReader row) => new(
        row.GetString(1), row.GetString(2), row.GetFieldValue<TimeOnly>(3), row.GetString(4),
        new(row.GetDecimal(5), row.GetDecimal(6), row.GetDecimal(7), row.GetInt32(8)),
        new(row.IsDBNull(9) ? null : row.GetDecimal(9), row.IsDBNull(10) ? null : row.GetDecimal(10)),
        row.GetBoolean(11));

    /// <summary>What differs, for the audit.</summary>
    internal static (string Before, string After) Difference(MspEntry before, MspEntry after)
    {
        var changed = before.Words().Zip(after.Words()).Where(words => words.First != words.Second).ToList();
        return (string.Join(", ", changed.Select(words => words.First)), string.Join(", ", changed.Select(words => words.Second)));
    }

    private IEnumerable<string> Words() =>
    [
        $"name {Name}",
        $"zone {Zone}",
        string.Create(CultureInfo.InvariantCulture, $"night at {NightAt:HH:mm}"),
        $"currency {Currency}",
        string.Create(CultureInfo.InvariantCulture, $"hold units {Limits.Units:0.######}"),
        string.Create(CultureInfo.InvariantCulture, $"hold percent {Limits.Percent:0.######}"),
        string.Create(CultureInfo.InvariantCulture, $"product drop percent {Limits.ProductDropPercent:0.######}"),
        string.Create(CultureInfo.InvariantCulture, $"missed nights {Limits.MissedNightsMax}"),
        Apply.Percent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"apply percent {percent:0.######}") : "no apply percent",
        Apply.Amount is { } amount ? string.Create(CultureInfo.InvariantCulture, $"apply amount {amount:0.######}") : "no apply amount",
        FourEyes ? "four eyes" : "two eyes",
    ];
}
