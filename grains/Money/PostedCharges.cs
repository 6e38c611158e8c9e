using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>What the posted lines of one service line charge for every day, period by period. Immutable, like what it stands for.</summary>
/// <remarks>
/// Built either from the ledger lines themselves, or from what the postings assumed: terms, counts and the periods posted with them.
/// Both are the same, because a posting always brings a period's ledger to the rounded total of what it assumed.
/// </remarks>
public sealed class PostedCharges
{
    /// <summary>Lines one period may have been posted with.</summary>
    public const int LinesPerPeriodMax = 100_000;

    /// <summary>Nothing posted yet.</summary>
    public static readonly PostedCharges None = new(ImmutableSortedDictionary<DateOnly, PeriodLedger>.Empty, addsUp: true);

    private readonly ImmutableSortedDictionary<DateOnly, PeriodLedger> ledgers;
    private readonly bool addsUp;

    private PostedCharges(ImmutableSortedDictionary<DateOnly, PeriodLedger> ledgers, bool addsUp) => (this.ledgers, this.addsUp) = (ledgers, addsUp);

    /// <summary>The periods anything was posted for, in order.</summary>
    public IEnumerable<AlignedPeriod> Periods => ledgers.Values.Select(ledger => ledger.Charges.Period);

    /// <summary>Reads the ledger of a service line.</summary>
    /// <param name="lines">All its posted lines, in any order.</param>
    /// <exception cref="InvalidOperationException">Amounts of a period do not sum to its rounded accrual, currencies differ, or periods overlap: the ledger was not written by <see cref="Proration"/> with cumulative rounding.</exception>
    public static PostedCharges Of(IEnumerable<ProrationLine> lines) => None.With(lines);

    /// <summary>Reads a ledger whose amounts need not sum to its rounded accruals: rounded line by line, written elsewhere, or wrong.</summary>
    /// <param name="lines">All its posted lines, in any order.</param>
    /// <exception cref="InvalidOperationException">Currencies differ or periods overlap.</exception>
    public static PostedCharges AsPosted(IEnumerable<ProrationLine> lines) => new PostedCharges(None.ledgers, addsUp: false).With(lines);

    /// <summary>What postings left behind that assumed these terms and counts.</summary>
    /// <param name="periods">The periods that were posted; all others count as never posted.</param>
    /// <exception cref="InvalidOperationException">Periods overlap, or the terms round each line by itself, so that only the lines tell what was posted.</exception>
    public static PostedCharges Assuming(LineTerms terms, CountTimeline counts, IEnumerable<AlignedPeriod> periods)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(periods);
        if (!terms.Settings.SumsToTotal) throw new InvalidOperationException("Lines rounded by themselves must be read from their ledger.");
        var posted = None;
        foreach (var period in periods)
        {
            var charges = DailyCharges.Of(terms, counts, period, terms.Settings.DayCount);
            posted = posted.Beside(new(charges, Rounding.Round(charges.Exact(), terms.Currency)));
        }

        return posted;
    }

    /// <summary>The same with these lines posted too: whole runs, never a part of one.</summary>
    /// <exception cref="InvalidOperationException">See <see cref="Of"/>.</exception>
    public PostedCharges With(IEnumerable<ProrationLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var posted = this;
        foreach (var run in lines.GroupBy(line => line.Period.Span))
        {
            var (period, dayCount) = (run.First().Period, run.First().DayCount);
            if (run.Any(line => line.DayCount != dayCount)) throw new InvalidOperationException($"{period.Span} was posted with more than one day count.");
            var total = Money.Sum(run.Select(line => line.Amount), run.First().Amount.Currency);
            var ledger = posted.In(period) ?? new(DailyCharges.None(period, dayCount), Money.Zero(total.Currency));
            if (ledger.Charges.DayCount != dayCount) throw new InvalidOperationException($"{period.Span} was posted with more than one day count.");
            posted = posted.Posting(new(Adding(ledger.Charges, run), ledger.Total + total));
        }

        return posted;
    }

    /// <summary>What was posted for this very period, or null.</summary>
    /// <exception cref="InvalidOperationException">Something was posted for a period that overlaps it: the cadence changed, and the old period must be settled first.</exception>
    internal PeriodLedger? In(AlignedPeriod period)
    {
        if (ledgers.TryGetValue(period.Span.From, out var ledger) && ledger.Charges.Period.Span == period.Span) return ledger;
        return ledgers.Values.FirstOrDefault(other => other.Charges.Period.Span.Intersect(period.Span) is not null) is { } overlapping
            ? throw new InvalidOperationException($"Lines were posted for {overlapping.Charges.Period.Span}, which overlaps the period {period.Span}.")
            : null;
    }

    private static DailyCharges Adding(DailyCharges charges, IEnumerable<ProrationLine> lines)
    {
        var (days, once) = (charges.Charges.ToBuilder(), charges.Once.ToBuilder());
        foreach (var line in lines)
        {
            if (line.Kind == ChargeKind.Units) days.Add(new(line.Span, line.UnitPrice, line.DeltaUnits));
            else if (line.Kind != ChargeKind.Correction) once.Add(new(line.Kind, line.Span, line.UnitPrice, line.DeltaUnits, line.Accrual.Numerator));
        }

        return charges with { Charges = days.ToImmutable(), Once = once.ToImmutable() };
    }

    private PostedCharges Posting(PeriodLedger ledger)
    {
        var period = ledger.Charges.Period;
        if (ledger.Charges.Charges.Length + ledger.Charges.Once.Length > LinesPerPeriodMax) throw new InvalidOperationException($"More than {LinesPerPeriodMax} lines were posted for {period.Span}.");
        var total = Rounding.Round(ledger.Charges.Exact(), ledger.Total.Currency);
        if (addsUp && total != ledger.Total) throw new InvalidOperationException($"The lines posted for {period.Span} sum to {ledger.Total} but charge for {total}.");
        return Beside(ledger);
    }

    private PostedCharges Beside(PeriodLedger ledger)
    {
        _ = In(ledger.Charges.Period);
        return new(ledgers.SetItem(ledger.Charges.Period.Span.From, ledger), addsUp);
    }

    internal sealed record PeriodLedger(DailyCharges Charges, Money Total);
}
