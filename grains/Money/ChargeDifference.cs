using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>
/// What a target charges more or less than was posted, day by day, with equal neighbours joined: ordered by first day, credits before
/// charges, units, price.
/// </summary>
/// <remarks>
/// The days are cut wherever the difference at any price changes, for all prices alike. So nothing that ends on or before a day depends
/// on what happens from that day on, and lines already shown stay as they are when a later change arrives.
/// </remarks>
internal static class ChargeDifference
{
    public static IEnumerable<DailyCharge> Between(DailyCharges posted, DailyCharges target)
    {
        var open = new SortedList<UnitPrice, decimal>();
        var changes = new SortedList<UnitPrice, decimal>();
        var from = posted.Period.Span.From;
        var steps = Steps(posted, target).ToList();
        steps.Sort((one, other) => one.On.CompareTo(other.On));
        for (var first = 0; first < steps.Count;)
        {
            var on = steps[first].On;
            changes.Clear();
            for (; first < steps.Count && steps[first].On == on; first++) Apply(changes, steps[first].Price, steps[first].Change);
            if (changes.Count == 0) continue;
            foreach (var (price, units) in open.Count > 1 ? open.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key) : open.AsEnumerable()) yield return new(new(from, on), price, units);
            foreach (var (price, change) in changes) Apply(open, price, change);
            from = on;
        }
    }

    private static IEnumerable<(DateOnly On, UnitPrice Price, decimal Change)> Steps(DailyCharges posted, DailyCharges target)
    {
        foreach (var charge in target.Charges)
        {
            yield return (charge.Span.From, charge.Price, charge.Units);
            yield return (charge.Span.Until, charge.Price, -charge.Units);
        }

        foreach (var charge in posted.Charges)
        {
            yield return (charge.Span.From, charge.Price, -charge.Units);
            yield return (charge.Span.Until, charge.Price, charge.Units);
        }
    }

    private static void Apply(SortedList<UnitPrice, decimal> open, UnitPrice price, decimal change)
    {
        var units = open.GetValueOrDefault(price) + change;
        if (units == 0m) open.Remove(price);
        else open[price] = units;
    }
}
