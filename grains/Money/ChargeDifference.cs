using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>
/// What a target charges more or less than was posted, day by day, with equal neighbours joined: ordered by first day, credits before
/// charges, units, price; and at the end what is charged once.
/// </summary>
/// <remarks>
/// The days are cut wherever the difference at any price changes, for all prices alike. So nothing that ends on or before a day depends
/// on what happens from that day on, and lines already shown stay as they are when a later change arrives.
/// </remarks>
internal static class ChargeDifference
{
    public static IEnumerable<DailyCharge> Between(DailyCharges posted, DailyCharges target, LineStyle style)
    {
        var days = new OpenCharges(style);
        var from = posted.Period.Span.From;
        var steps = Steps(posted, target);
        steps.Sort((one, other) => one.On.CompareTo(other.On));
        for (var first = 0; first < steps.Count;)
        {
            var on = steps[first].On;
            for (; first < steps.Count && steps[first].On == on; first++) days.Step(steps[first].Price, steps[first].Posted, steps[first].Target);
            if (days.Changes())
            {
                foreach (var (price, units) in days.Lines()) yield return new(new(from, on), price, units);
                from = on;
            }

            days.Settle();
        }
    }

    /// <summary>What is charged once and differs, fees before the commitment that counts them.</summary>
    public static IEnumerable<PeriodCharge> OnceBetween(DailyCharges posted, DailyCharges target)
    {
        if (posted.Once.IsEmpty && target.Once.IsEmpty) return [];
        return target.Once.Concat(posted.Once.Select(charge => charge with { Units = -charge.Units, Numerator = -charge.Numerator }))
            .GroupBy(charge => charge.Key)
            .OrderBy(same => same.Key.Kind).ThenBy(same => same.Key.From).ThenBy(same => same.Key.Until).ThenBy(same => same.Key.Price)
            .Select(same => same.First() with
            {
                Units = same.Key.Kind == ChargeKind.Commitment ? Int128.Sign(Sum(same)) : same.Sum(charge => charge.Units),
                Numerator = Sum(same),
            })
            .Where(charge => charge.Numerator != 0);
    }

    private static Int128 Sum(IEnumerable<PeriodCharge> charges) => charges.Aggregate(Int128.Zero, (sum, charge) => sum + charge.Numerator);

    private static List<(DateOnly On, UnitPrice Price, decimal Posted, decimal Target)> Steps(DailyCharges posted, DailyCharges target)
    {
        var steps = new List<(DateOnly, UnitPrice, decimal, decimal)>(2 * (posted.Charges.Length + target.Charges.Length));
        foreach (var charge in target.Charges)
        {
            steps.Add((charge.Span.From, charge.Price, 0m, charge.Units));
            steps.Add((charge.Span.Until, charge.Price, 0m, -charge.Units));
        }

        foreach (var charge in posted.Charges)
        {
            steps.Add((charge.Span.From, charge.Price, charge.Units, 0m));
            steps.Add((charge.Span.Until, charge.Price, -charge.Units, 0m));
        }

        return steps;
    }

    /// <summary>What is charged at each price from a day on, as posted and as it should be.</summary>
    private sealed class OpenCharges(LineStyle style)
    {
        private readonly SortedList<UnitPrice, (decimal Posted, decimal Target)> open = [];
        private readonly SortedList<UnitPrice, (decimal Posted, decimal Target)> changes = [];
        private readonly List<(UnitPrice Price, decimal Units)> lines = [];

        public void Step(UnitPrice price, decimal posted, decimal target) => Add(changes, price, posted, target);

        /// <summary>Whether the steps since the last settling begin another line: a single difference minds the difference only.</summary>
        public bool Changes()
        {
            if (style == LineStyle.CreditAndCharge) return changes.Count > 0;
            for (var index = 0; index < changes.Count; index++)
                if (Differs(changes.GetValueAtIndex(index))) return true;
            return false;
        }

        /// <summary>What to post for the days that end here.</summary>
        public List<(UnitPrice Price, decimal Units)> Lines()
        {
            lines.Clear();
            for (var index = 0; index < open.Count; index++) AddLines(open.GetKeyAtIndex(index), open.GetValueAtIndex(index));
            if (lines.Count > 1) lines.Sort((one, other) => one.Units != other.Units ? one.Units.CompareTo(other.Units) : one.Price.CompareTo(other.Price));
            return lines;
        }

        public void Settle()
        {
            for (var index = 0; index < changes.Count; index++) Add(open, changes.GetKeyAtIndex(index), changes.GetValueAtIndex(index).Posted, changes.GetValueAtIndex(index).Target);
            changes.Clear();
        }

        private void AddLines(UnitPrice price, (decimal Posted, decimal Target) charged)
        {
            if (style == LineStyle.SingleDelta)
            {
                if (Differs(charged)) lines.Add((price, charged.Target - charged.Posted));
                return;
            }

            if (!AnyDiffers()) return;
            if (charged.Posted != 0m) lines.Add((price, -charged.Posted));
            if (charged.Target != 0m) lines.Add((price, charged.Target));
        }

        private bool AnyDiffers()
        {
            for (var index = 0; index < open.Count; index++)
                if (Differs(open.GetValueAtIndex(index))) return true;
            return false;
        }

        private static bool Differs((decimal Posted, decimal Target) charged) => charged.Posted != charged.Target;

        private static void Add(SortedList<UnitPrice, (decimal Posted, decimal Target)> charges, UnitPrice price, decimal posted, decimal target)
        {
            var before = charges.GetValueOrDefault(price);
            var after = (before.Posted + posted, before.Target + target);
            if (after == (0m, 0m)) charges.Remove(price);
            else charges[price] = after;
        }
    }
}
