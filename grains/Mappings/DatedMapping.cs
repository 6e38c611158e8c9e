using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Mappings;

/// <summary>Dated mappings without overlap: from a date on the target holds, and whatever was said about later days is replaced.</summary>
internal static class DatedMapping
{
    /// <summary>How far back a mapping may reach: two closed quarters.</summary>
    public const int DaysBackMax = 184;

    /// <summary>How far ahead a mapping may be planned.</summary>
    public const int DaysAheadMax = 366;

    public static Verdict.Refused? Check(DateOnly from, DateOnly night)
    {
        if (from < night.AddDays(-DaysBackMax))
            return new(RefusalCode.DateTooOld, $"A mapping may begin at most {DaysBackMax} days before the last night, {night:yyyy-MM-dd}.");
        if (from > night.AddDays(DaysAheadMax))
            return new(RefusalCode.DateTooFar, $"A mapping may begin at most {DaysAheadMax} days after the last night, {night:yyyy-MM-dd}.");
        return null;
    }

    public static long? TargetOn(Sequence<MappingSpan> spans, DateOnly date) => spans.LastOrDefault(span => span.Covers(date))?.Target;

    /// <summary>Whether the spans already say so for every day from the date on.</summary>
    public static bool Says(Sequence<MappingSpan> spans, DateOnly from, long? target) =>
        TargetOn(spans, from) == target && spans.All(span => span.From <= from) && spans.LastOrDefault(span => span.Covers(from))?.Until is null;

    public static Sequence<MappingSpan> From(Sequence<MappingSpan> spans, DateOnly from, long? target)
    {
        var kept = spans.Where(span => span.From < from).ToList();
        if (kept.Count > 0 && (kept[^1].Until is not { } until || until > from))
            kept[^1] = kept[^1] with { Until = from };
        if (target is not null) kept.Add(new MappingSpan(target, from, null));
        return Sequence.From(kept);
    }
}
