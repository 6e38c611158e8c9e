using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Turns counts into the lines to post. The first posting of a period and every correction of it are the same computation.</summary>
public static class Proration
{
    /// <summary>The lines that bring the ledger of the periods to what terms and counts say now. None when it says so already.</summary>
    /// <param name="terms">The terms as they are now, with every price and the end of service.</param>
    /// <param name="counts">The counts as they are known now.</param>
    /// <param name="posted">What was posted for this service line before.</param>
    /// <param name="periods">The periods to bring up to date, in order, without overlap; see <see cref="PeriodSelection"/>.</param>
    /// <returns>
    /// By period, then first day, credits before charges, units, price, and at the end what is charged once. With cumulative rounding the
    /// amounts of a period sum to its rounded exact new total less what was posted, always. A line of free units, or too small for a coin,
    /// has amount zero and must be posted like the others.
    /// </returns>
    /// <exception cref="ArgumentException">Periods out of order, overlapping, or more than <see cref="BillingCadence.PeriodsMax"/>.</exception>
    /// <exception cref="InvalidOperationException">Posted in another currency, or for a period that overlaps one of these.</exception>
    public static ImmutableArray<ProrationLine> Lines(LineTerms terms, CountTimeline counts, PostedCharges posted, IReadOnlyList<AlignedPeriod> periods)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(posted);
        ArgumentNullException.ThrowIfNull(periods);
        if (periods.Count > BillingCadence.PeriodsMax) throw new ArgumentException($"At most {BillingCadence.PeriodsMax} periods at a time.", nameof(periods));
        for (var i = 1; i < periods.Count; i++)
            if (periods[i].Span.From < periods[i - 1].Span.Until) throw new ArgumentException("Periods come in order and do not overlap.", nameof(periods));
        return [.. periods.SelectMany(period => LinesOf(period, posted.In(period), terms, counts))];
    }

    /// <summary>The exact amount of a period under terms and counts, whatever was posted.</summary>
    public static Accrual Total(LineTerms terms, CountTimeline counts, AlignedPeriod period)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(period);
        return DailyCharges.Of(terms, counts, period, terms.Settings.DayCount).Exact();
    }

    private static IEnumerable<ProrationLine> LinesOf(AlignedPeriod period, PostedCharges.PeriodLedger? ledger, LineTerms terms, CountTimeline counts)
    {
        var posted = ledger?.Charges ?? DailyCharges.None(period, terms.Settings.DayCount);
        if (ledger is not null && ledger.Total.Currency != terms.Currency)
            throw new InvalidOperationException($"{period.Span} was posted in {ledger.Total.Currency}, not in {terms.Currency}.");
        var target = DailyCharges.Of(terms, counts, period, posted.DayCount);
        var amounts = new LineAmounts(terms, posted, ledger?.Total ?? Money.Zero(terms.Currency));
        foreach (var change in ChargeDifference.Between(posted, target, terms.Settings.LineStyle))
            yield return new(period, change.Span, change.Units, change.Price, amounts.Of(change), posted.DayCount);
        foreach (var charge in ChargeDifference.OnceBetween(posted, target)) yield return new(period, charge, amounts.Of(charge), posted.DayCount);
        if (amounts.Missing() is { } missing) yield return new(period, new PeriodCharge(ChargeKind.Correction, period.Span, default, 0m, 0), missing, posted.DayCount);
    }
}
