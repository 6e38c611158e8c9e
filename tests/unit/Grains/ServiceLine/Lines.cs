using System.Globalization;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Service lines to tell stories about: 23.10 a unit and month, a contract over 2026, counted since 1 September.</summary>
internal static class Lines
{
    public static readonly PsaLine Psa = new(new(7), "29683570", "402", WholeUnitsOnly: true);

    public static readonly Basis Licences = new(BasisKind.Metrics, [new("spanning-m365", "standard_licences")]);

    /// <summary>A line charged in advance through September, of so many units since its first day.</summary>
    public static ServiceLineState Of(decimal units) => Uncounted with { Counts = [new(Day("1 Sep"), 1, new(units), Day("1 Sep"), "opening")] };

    public static ServiceLineState Uncounted { get; } = new(
        new(1),
        new(new(23.10m), Currency.Of("USD"), new(BillingPeriod.Monthly, new(2026, 1, 1)), BillingTiming.Advance, null, null, UnitRounding.Up),
        Licences,
        new(new(2026, 1, 1), new(2027, 1, 1)),
        Psa,
        [],
        [],
        null,
        Day("1 Oct"),
        null);

    public static ServiceLineState Manual(decimal units) => Of(units) with { Basis = new(BasisKind.Manual, []) };

    public static ServiceLineState With(this ServiceLineState line, Func<LineTerms, LineTerms> change) => line with { Terms = change(line.Terms) };

    public static ServiceLineState Fed(this ServiceLineState line, params LineInput[] inputs) => line with { Inputs = Sequence.From(inputs) };

    /// <summary>A tenant mapped since January that was read so, each time at one o'clock of the night.</summary>
    public static LineInput Input(long tenant, params (string Night, decimal? Units)[] readings) => new(
        new(tenant), "standard_licences", new(2026, 1, 1), null, At("1 Sep", "00:00"), Sequence.From(readings.Select(reading => Reading(reading.Night, reading.Units))));

    public static InputReading Reading(string night, decimal? units) => units is { } number
        ? new(Day(night), new(number), Evidence.Fresh, null, At(night))
        : new(Day(night), null, Evidence.Failed, HoldReason.ReadFailed, At(night));

    public static Turn Turn(string night, string time = "01:00") => new(At(night, time), Day(night), HoldLimits.Default, "clerk");

    public static DateTimeOffset At(string day, string time = "01:00") => new(Day(day), TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture), TimeSpan.Zero);

    /// <summary>A day of 2026, or of the year that is said: <c>16 Sep</c>, <c>1 Jan 2027</c>.</summary>
    public static DateOnly Day(string text) =>
        DateOnly.ParseExact(text.Count(letter => letter == ' ') == 1 ? $"{text} 2026" : text, "d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Text(DateOnly day) => day.ToString(day.Year == 2026 ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);

    public static Units Units(string number) => new(decimal.Parse(number, CultureInfo.InvariantCulture));
}
