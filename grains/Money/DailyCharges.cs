using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Units charged at a price on every day of a span.</summary>
internal readonly record struct DailyCharge(DateRange Span, UnitPrice Price, decimal Units);

/// <summary>What a period is charged once, beside its days.</summary>
/// <param name="Units">For reading; the numerator is what counts.</param>
internal readonly record struct PeriodCharge(ChargeKind Kind, DateRange Span, UnitPrice Price, decimal Units, Int128 Numerator)
{
    /// <summary>What is the same charge, more or less of it. An average over other days is another one.</summary>
    public (ChargeKind Kind, DateOnly From, DateOnly? Until, UnitPrice Price) Key => (Kind, Span.From, Kind == ChargeKind.Average ? Span.Until : null, Price);
}

/// <summary>What one period is charged: its days as a sum of units at prices, and what is charged once.</summary>
internal sealed record DailyCharges(AlignedPeriod Period, DayCount DayCount, ImmutableArray<DailyCharge> Charges, ImmutableArray<PeriodCharge> Once)
{
    public PeriodDays Days { get; } = new(DayCount, Period.Span);

    public static DailyCharges None(AlignedPeriod period, DayCount dayCount) => new(period, dayCount, [], []);

    /// <summary>What terms and counts say.</summary>
    /// <param name="dayCount">That of the terms, or the one the period was posted with before.</param>
    public static DailyCharges Of(LineTerms terms, CountTimeline counts, AlignedPeriod period, DayCount dayCount) =>
        terms.ServiceWithin(period.Span) is { } service ? new PeriodPricing(terms, period, service, dayCount).Price(counts) : None(period, dayCount);

    /// <summary>The exact amount of the period.</summary>
    public Accrual Exact()
    {
        var numerator = Int128.Zero;
        foreach (var charge in Charges) numerator += Accrual.NumeratorOf(charge.Units, charge.Price, Days.Weight(charge.Span));
        foreach (var charge in Once) numerator += charge.Numerator;
        return Accrual.OfNumerator(numerator, Days.Denominator);
    }
}
