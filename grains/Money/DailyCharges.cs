using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Units charged at a price on every day of a span.</summary>
internal readonly record struct DailyCharge(DateRange Span, UnitPrice Price, decimal Units);

/// <summary>What the days of one period are charged, as a sum of charges. Every way of pricing a day ends here, as units at a price.</summary>
internal sealed record DailyCharges(AlignedPeriod Period, ImmutableArray<DailyCharge> Charges)
{
    public static DailyCharges None(AlignedPeriod period) => new(period, []);

    /// <summary>What terms and counts say. Minimum, maximum and included units apply to each day's count.</summary>
    public static DailyCharges Of(LineTerms terms, CountTimeline counts, AlignedPeriod period)
    {
        if (terms.ServiceWithin(period.Span) is not { } service) return None(period);
        var charges = ImmutableArray.CreateBuilder<DailyCharge>();
        foreach (var counted in counts.Within(service))
        {
            var units = terms.Billable(counted.Record?.Units);
            if (units == 0m) continue;
            foreach (var priced in terms.Prices.Within(counted.Span)) charges.Add(new(priced.Span, priced.Price, units));
        }

        return new(period, charges.ToImmutable());
    }

    /// <summary>The exact amount of the period.</summary>
    public Accrual Exact() => Charges.Aggregate(
        Accrual.Zero(Period.Days),
        (sum, charge) => sum + Accrual.Of(charge.Units, charge.Price, charge.Span.Days, Period.Days));
}
