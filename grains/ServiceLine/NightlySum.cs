using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>What a line's inputs add up to from a night on.</summary>
/// <param name="Units">Null when some input gave no number, or when together they are more than a line can have.</param>
/// <param name="Doubt">A <see cref="HoldReason"/> when some input cannot be believed.</param>
/// <param name="ReadSince">When the input that was looked at longest ago was looked at.</param>
/// <param name="ReadAt">When the input that was looked at last was looked at.</param>
/// <param name="Mapped">Whether any product tenant feeds the line that night.</param>
internal sealed record NightlySum(DateOnly Night, Units? Units, string? Doubt, DateTimeOffset ReadSince, DateTimeOffset ReadAt, bool Mapped)
{
    /// <summary>Sums for every night on which something changed; bounded by the nights a turn looks back.</summary>
    public const int NightsMax = 400;

    /// <summary>One sum per night that may differ from the one before, from a night through another.</summary>
    /// <param name="also">Nights to add up besides those on which an input changed.</param>
    public static IEnumerable<NightlySum> Of(Sequence<LineInput> inputs, DateOnly from, DateOnly through, IEnumerable<DateOnly> also)
    {
        if (from == through) return On(inputs, from) is { } only ? [only] : [];
        var nights = inputs
            .SelectMany(input => input.Readings.Select(reading => reading.Night).Append(input.From).Concat(input.Until is { } until ? [until] : []))
            .Concat(also)
            .Append(from)
            .Where(night => night >= from && night <= through)
            .Distinct()
            .Order()
            .ToList();
        if (nights.Count > NightsMax) throw new InvalidOperationException($"A line's turn looks back over at most {NightsMax} nights, not {nights.Count}.");
        return nights.Select(night => On(inputs, night)).OfType<NightlySum>();
    }

    /// <summary>Whether the input feeds its line on a night.</summary>
    public static bool Feeds(LineInput input, DateOnly night) => input.From <= night && (input.Until is not { } until || night < until);

    /// <summary>The sum on one night; null when some input was never read, so that nothing is known yet.</summary>
    private static NightlySum? On(Sequence<LineInput> inputs, DateOnly night)
    {
        var readings = inputs
            .Where(input => Feeds(input, night))
            .Select(input => input.Readings.LastOrDefault(reading => reading.Night <= night))
            .ToList();
        if (readings.Contains(null)) return null;
        if (readings.Count == 0) return new(night, Interfaces.Values.Units.Zero, null, DateTimeOffset.MinValue, DateTimeOffset.MinValue, Mapped: false);
        var doubt = readings.FirstOrDefault(reading => reading!.Evidence is not (Evidence.Fresh or Evidence.Unmapped or Evidence.ConfirmedZero));
        var units = Sum(readings);
        return new(
            night,
            units,
            doubt is null ? (units is null ? HoldReason.CountMissing : null) : doubt.Reason ?? HoldReason.CountMissing,
            readings.Min(reading => reading!.ObservedAt),
            readings.Max(reading => reading!.ObservedAt),
            Mapped: true);
    }

    private static Units? Sum(List<InputReading?> readings)
    {
        if (readings.Any(reading => reading!.Units is null)) return null;
        var sum = readings.Sum(reading => reading!.Units!.Value.Value);
        return Interfaces.Values.Units.IsValid(sum) ? new(sum) : null;
    }
}
