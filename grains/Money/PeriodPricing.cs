using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Puts prices to the units of one period. Every way of pricing a day ends as units at a price; what has no days is charged once.</summary>
internal sealed class PeriodPricing(LineTerms terms, AlignedPeriod period, DateRange service, DayCount dayCount)
{
    private const int UnitsShown = Units.DecimalsMax;

    private readonly ImmutableArray<DailyCharge>.Builder charges = ImmutableArray.CreateBuilder<DailyCharge>();
    private readonly PeriodDays days = new(dayCount, period.Span);
    private ImmutableArray<PeriodCharge>.Builder? once;

    public DailyCharges Price(CountTimeline counts)
    {
        var prices = terms.Settings.ChangeDay == ChangeDay.Old ? terms.Prices.DayLater() : terms.Prices;
        var billable = BillableDays.Of(terms, counts, service);
        if (terms.Settings.Mode == CountMode.MonthEndAverage) PriceAverages(billable, prices);
        else PriceDays(billable, prices);
        return new(period, dayCount, charges.ToImmutable(), WithCommitment());
    }

    private void PriceDays(ImmutableArray<CountSegment> billable, PriceTimeline prices)
    {
        var most = 0m;
        foreach (var day in billable)
        {
            var units = terms.Beyond(terms.Clamped(day.Record?.Units).Value);
            if (units == 0m) continue;
            most = decimal.Max(most, units);
            foreach (var (span, price) in prices.Within(day.Span)) PriceDay(span, price!, units);
        }

        if (LastTiers(prices) is { } tiers) AddFlatFees(tiers, most);
    }

    private void PriceDay(DateRange span, PriceRecord price, decimal units)
    {
        if (price.Tiers is not { } tiers)
        {
            charges.Add(new(span, price.Price, units));
            return;
        }

        for (var step = 0; step < tiers.Steps.Count && units > tiers.From(step).Value; step++)
        {
            if (tiers.Kind == TierKind.Graduated) charges.Add(new(span, tiers.Steps[step].Price, tiers.Within(step, units)));
            else if (!(units > tiers.Steps[step].UpTo?.Value)) charges.Add(new(span, tiers.Steps[step].Price, units));
        }
    }

    /// <summary>
    /// An average is a sum of weighted units over a sum of weights. It is never divided: included units and tiers are held against the sum
    /// instead, multiplied by the weights.
    /// </summary>
    private void PriceAverages(ImmutableArray<CountSegment> billable, PriceTimeline prices)
    {
        foreach (var (span, price) in prices.Within(service))
        {
            var weight = days.Weight(span);
            if (weight == 0) continue;
            var sum = billable.Aggregate(Int128.Zero, (sum, day) => sum + (day.Span.Intersect(span) is { } part ? Accrual.Millionths(terms.Clamped(day.Record?.Units).Value) * days.Weight(part) : 0));
            var beyond = sum - (Accrual.Millionths(terms.Included?.Value ?? 0m) * weight);
            if (beyond <= 0) continue;
            PriceAverage(span, price!, beyond, weight);
            if (span.Until == service.Until && price!.Tiers is { } tiers) AddFlatFees(tiers, step => beyond > Accrual.Millionths(step.Value) * weight);
        }
    }

    private void PriceAverage(DateRange span, PriceRecord price, Int128 units, int weight)
    {
        if (price.Tiers is not { } tiers)
        {
            AddAverage(span, price.Price, units, weight);
            return;
        }

        for (var step = 0; step < tiers.Steps.Count && units > Bound(tiers.From(step)); step++)
        {
            var upTo = tiers.Steps[step].UpTo is { } last ? Bound(last) : units;
            if (tiers.Kind == TierKind.Graduated) AddAverage(span, tiers.Steps[step].Price, Int128.Min(units, upTo) - Bound(tiers.From(step)), weight);
            else if (units <= upTo) AddAverage(span, tiers.Steps[step].Price, units, weight);
        }

        Int128 Bound(Units bound) => Accrual.Millionths(bound.Value) * weight;
    }

    private void AddAverage(DateRange span, UnitPrice price, Int128 weighted, int weight) =>
        Add(new(ChargeKind.Average, span, price, decimal.Round((decimal)weighted / weight / 1_000_000m, UnitsShown), weighted * Accrual.Millionths(price.Value)));

    /// <summary>Fees are those of the price list that holds on the last day of service.</summary>
    private Tiers? LastTiers(PriceTimeline prices) => prices.On(service.Until.AddDays(-1)).Tiers;

    private void AddFlatFees(Tiers tiers, decimal most) => AddFlatFees(tiers, step => most > step.Value);

    private void AddFlatFees(Tiers tiers, Func<Units, bool> reached)
    {
        for (var step = 0; step < tiers.Steps.Count && reached(tiers.From(step)); step++)
        {
            var highest = step == tiers.Steps.Count - 1 || !reached(tiers.From(step + 1));
            if (tiers.Steps[step].FlatFee.Value > 0m && (highest || tiers.Kind == TierKind.Graduated)) AddFlatFee(tiers.Steps[step].FlatFee);
        }
    }

    /// <summary>Tiers with the same fee are one charge of several units.</summary>
    private void AddFlatFee(UnitPrice fee)
    {
        var numerator = Accrual.NumeratorOf(1m, fee, days.Denominator);
        for (var index = 0; index < (once?.Count ?? 0); index++)
        {
            if (once![index] is not { Kind: ChargeKind.FlatFee } same || same.Price != fee) continue;
            once[index] = same with { Units = same.Units + 1m, Numerator = same.Numerator + numerator };
            return;
        }

        Add(new(ChargeKind.FlatFee, period.Span, fee, 1m, numerator));
    }

    private ImmutableArray<PeriodCharge> WithCommitment()
    {
        if (terms.Commitment is { } commitment)
        {
            var used = new DailyCharges(period, dayCount, charges.ToImmutable(), once?.ToImmutable() ?? []).Exact();
            var missing = Accrual.NumeratorOf(1m, commitment, days.Weight(service)) - used.Numerator;
            if (missing > 0) Add(new(ChargeKind.Commitment, service, commitment, 1m, missing));
        }

        return once?.ToImmutable() ?? [];
    }

    private void Add(PeriodCharge charge) => (once ??= ImmutableArray.CreateBuilder<PeriodCharge>()).Add(charge);
}
