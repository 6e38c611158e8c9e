using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>What a line's inputs add up to from a night on.</summary>
/// <param name="Units">Null when some input gave no number.</param>
/// <param name="Doubt">A <see cref="HoldReason"/> when some input cannot be believed.</param>
/// <param name="ReadAt">When the input that was looked at longest ago was looked at.</param>
internal sealed record NightlySum(DateOnly Night, Units? Units, string? Doubt, DateTimeOffset ReadAt)
{
    /// <summary>Sums for every night on which something changed; bounded by the nights a turn looks back.</summary>
    public const int NightsMax = 400;

    /// <summary>One sum per night that may differ from the one before, from a night through another.</summary>
    public static IEnumerable<NightlySum> Of(Sequence<LineInput> inputs, DateOnly from, DateOnly through)
    {
        var nights = inputs
            .SelectMany(input => input.Readings.Select(reading => reading.Night).Append(input.From).Concat(input.Until is { } until ? [until] : []))
            .Append(from)
            .Where(night => night >= from && night <= through)
            .Distinct()
            .Order()
            .ToList();
        if (nights.Count > NightsMax) throw new InvalidOperationException($"A line's turn looks back over at most {NightsMax} nights, not {nights.Count}.");
        return nights.Select(night => On(inputs, night)).OfType<NightlySum>();
    }

    /// <summary>The sum on one night; null when some input was never read, so that nothing is known yet.</summary>
    private static NightlySum? On(Sequence<LineInput> inputs, DateOnly night)
    {
        var readings = inputs
            .Where(input => input.From <= night && (input.Until is not { } until || night < until))
            .Select(input => input.Readings.LastOrDefault(reading => reading.Night <= night))
            .ToList();
        if (readings.Contains(null)) return null;
        if (readings.Count == 0) return inputs.Count == 0 ? null : new(night, Interfaces.Values.Units.Zero, null, DateTimeOffset.MinValue);
        var doubt = readings.FirstOrDefault(reading => reading!.Evidence is not (Evidence.Fresh or Evidence.Unmapped or Evidence.ConfirmedZero));
        var known = readings.All(reading => reading!.Units is not null);
        return new(
            night,
            known ? readings.Aggregate(Interfaces.Values.Units.Zero, (sum, reading) => sum + reading!.Units!.Value) : null,
            doubt is null ? null : doubt.Reason ?? HoldReason.CountMissing,
            readings.Min(reading => reading!.ObservedAt));
    }
}
