using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Which periods a run brings up to date.</summary>
public static class PeriodSelection
{
    /// <summary>
    /// Every period of the service that is ready to post by the cutoff, and every period posted once, whenever a change of it became
    /// effective. Filtering by effective date would lose the changes of last month. A month-end mode posts what is known in advance and
    /// comes back to the period when it is over, not at every change before.
    /// </summary>
    /// <param name="timing">Advance: ready on its first day. Arrears: ready on the day after its last.</param>
    /// <param name="cutoffOn">The last day on which a period may become ready.</param>
    /// <returns>In order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="BillingCadence.PeriodsMax"/> periods.</exception>
    public static ImmutableArray<AlignedPeriod> Through(LineTerms terms, BillingTiming timing, DateOnly cutoffOn, PostedCharges posted)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(posted);
        var ready = Serviced(terms, cutoffOn).Where(period => (timing == BillingTiming.Advance ? period.Span.From : period.Span.Until) <= cutoffOn);
        var selected = ready.Concat(posted.Periods).DistinctBy(period => period.Span).OrderBy(period => period.Span.From);
        if (terms.Settings.Mode == CountMode.ProrateDaily) return [.. selected];
        var running = posted.Periods.Where(period => period.Span.Until > cutoffOn).Select(period => period.Span).ToHashSet();
        return [.. selected.Where(period => !running.Contains(period.Span))];
    }

    private static ImmutableArray<AlignedPeriod> Serviced(LineTerms terms, DateOnly cutoffOn)
    {
        var through = terms.Cadence.PeriodContaining(cutoffOn).Span.Until;
        var until = terms.ServiceUntil < through ? terms.ServiceUntil.Value : through;
        return terms.ServiceFrom < until ? terms.Cadence.PeriodsOverlapping(new(terms.ServiceFrom, until)) : [];
    }
}
