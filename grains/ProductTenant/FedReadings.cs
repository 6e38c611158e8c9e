using UsageBilling.Grains.Mappings;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ProductTenant;

/// <summary>What a tenant makes of a feed. Told is told: it is a reading like any other. Not told is on record too, once the night is over.</summary>
internal static class FedReadings
{
    public static Decision<ProductTenantState> Fed(ProductTenantState state, ProductTenantMessage.Fed fed, Turn turn)
    {
        var counts = CountsOf(state, fed, turn.Limits.MissedNightsMax).ToList();
        var changed = counts.Where(count => !Says(Last(state, count.Metric), count));
        return new(
            state with { Counts = With(state.Counts, counts) },
            Verdict.Ok,
            [
                .. counts.Select(Reading),
                .. changed.Select(count => new Effect.TellLines(count.Metric, fed.Night, InputCause.Reading)),
            ]);
    }

    public static Decision<ProductTenantState> Checked(ProductTenantState state, ProductTenantMessage.FeedChecked looked, Turn turn)
    {
        TenantCount Of(string metric, DateOnly night) => new(metric, null, Evidence.Stale, HoldReason.NotFed, night, looked.At);
        var silent = looked.Unfed.GroupBy(unfed => unfed.Metric, unfed => unfed.Night).Select(metric => (Metric: metric.Key, Nights: metric.ToHashSet())).ToList();
        var news = silent.Where(metric => !Says(Last(state, metric.Metric), Of(metric.Metric, looked.Night)));
        List<Effect> effects =
        [
            .. looked.Unfed.Select(unfed => Reading(Of(unfed.Metric, unfed.Night))),
            .. news.Select(metric => new Effect.TellLines(metric.Metric, metric.Nights.Min(), InputCause.Reading)),
        ];
        if (looked.Requested) effects.AddRange([new Effect.TellLines(null, turn.Night, InputCause.Refresh), new Effect.Forget(ReminderName.Refresh)]);
        if (looked.Due) effects.Add(new Effect.RemindAtNight(ReminderName.Read, looked.Night.AddDays(1)));
        var now = silent.Select(metric => SilentSince(metric.Nights, looked.Night) is { } since ? Of(metric.Metric, since) : null).OfType<TenantCount>().ToList();
        return new(state with { Counts = With(state.Counts, now) }, Verdict.Ok, Sequence.From(effects));
    }

    /// <summary>The first of the nights up to now that were told nothing of; null when the last one was told of again.</summary>
    private static DateOnly? SilentSince(HashSet<DateOnly> nights, DateOnly night)
    {
        var since = night;
        while (nights.Contains(since.AddDays(-1))) since = since.AddDays(-1);
        return since < night ? since : null;
    }

    private static IEnumerable<TenantCount> CountsOf(ProductTenantState state, ProductTenantMessage.Fed fed, int missedNightsMax)
    {
        TenantCount Of(string metric, Units? units, Evidence evidence, string? reason) => new(metric, units, evidence, reason, fed.Night, fed.FedAt);
        var known = state.Counts.Select(count => count.Metric);
        if (fed.Sight is not TenantSight.Seen seen) return known.Select(metric => Of(metric, null, Evidence.Stale, HoldReason.TenantMissing));
        var evidence = DatedMapping.TargetOn(state.Mappings, fed.Night) is null ? Evidence.Unmapped : Evidence.Fresh;
        var counts = seen.Counts.Select(count =>
        {
            var doubt = count.Units is null ? HoldReason.CountMissing : Gap(state, count.Metric, fed.Night) > missedNightsMax ? HoldReason.GapTooLong : count.Suspicion;
            return Of(count.Metric, count.Units, doubt is null ? evidence : Evidence.Partial, doubt);
        });
        var untold = fed.Whole ? known.Except(seen.Counts.Select(count => count.Metric)).Select(metric => Of(metric, null, Evidence.Partial, HoldReason.CountMissing)) : [];
        return counts.Concat(untold).OrderBy(count => count.Metric, StringComparer.Ordinal);
    }

    /// <summary>Nights that were told nothing of, up to this one.</summary>
    private static int Gap(ProductTenantState state, string metric, DateOnly night) =>
        Last(state, metric) is { Reason: HoldReason.NotFed } unfed ? night.DayNumber - unfed.Night.DayNumber : 0;

    private static TenantCount? Last(ProductTenantState state, string metric) => state.Counts.FirstOrDefault(count => count.Metric == metric);

    private static Effect.AddReading Reading(TenantCount count) => new(count.Metric, count.Night, count.Units, count.Evidence, count.Reason, count.ObservedAt);

    private static bool Says(TenantCount? last, TenantCount count) => last is not null && last.Units == count.Units && last.Evidence == count.Evidence && last.Reason == count.Reason;

    /// <summary>The same value stands since the night it did, and was told again now. What is said of an earlier night than the last leaves that as it is.</summary>
    private static Sequence<TenantCount> With(Sequence<TenantCount> before, IReadOnlyCollection<TenantCount> counts)
    {
        var now = before.ToDictionary(count => count.Metric);
        foreach (var count in counts)
        {
            if (!now.TryGetValue(count.Metric, out var last)) now[count.Metric] = count;
            else if (last.Night <= count.Night) now[count.Metric] = Says(last, count) ? last with { ObservedAt = count.ObservedAt } : count;
        }

        return Sequence.From(now.Values.OrderBy(count => count.Metric, StringComparer.Ordinal));
    }
}
