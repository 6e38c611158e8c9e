using System.Numerics;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>
/// The rules again, written for checking: day by day, in whole numbers of any size, with day weights, tiers and lines found in other ways
/// than the program finds them. It shares nothing with the program but the records it is given.
/// </summary>
internal sealed class ExactOracle
{
    /// <summary>Every length of a month divides it.</summary>
    private const int Months = 28 * 29 * 30 * 31;

    private static readonly BigInteger Million = 1_000_000;

    private readonly LineStory story;
    private readonly List<Day> days;
    private readonly BigInteger whole;
    private Dictionary<DateOnly, Dictionary<BigInteger, BigInteger>> posted = [];
    private Dictionary<(string Kind, DateOnly From, DateOnly? Until, BigInteger Price), BigInteger> postedOnce = [];
    private BigInteger paid = BigInteger.Zero;

    public ExactOracle(LineStory story)
    {
        this.story = story;
        (days, whole) = Weighed(story.Period.Span.From, story.Period.Span.Until, story.Settings.DayCount);
    }

    private sealed record Day(DateOnly On, BigInteger Weight);

    /// <summary>The exact total after the last run, times the whole weight and 10^12.</summary>
    public BigInteger Exact { get; private set; } = BigInteger.Zero;

    /// <summary>Posts what the first counts and prices that arrived say, and returns the lines as text.</summary>
    public List<string> Post(int counts, int prices)
    {
        var service = days.Where(day => day.On >= story.ServiceFrom && !(day.On >= story.ServiceUntil)).ToList();
        var billable = Billable(service, counts);
        var (target, once) = (new Dictionary<DateOnly, Dictionary<BigInteger, BigInteger>>(), new Dictionary<(string, DateOnly, DateOnly?, BigInteger), BigInteger>());
        if (story.Settings.Mode == CountMode.MonthEndAverage) Averages(service, billable, prices, once);
        else Daily(service, billable, prices, target, once);
        Commitment(service, target, once);
        var lines = DayLines(target).Concat(OnceLines(once)).ToList();
        (posted, postedOnce) = (target, once);
        return lines;
    }

    /// <summary>Whole coins of an exact amount over a denominator, half away from zero.</summary>
    public BigInteger Coins(BigInteger exact, BigInteger denominator)
    {
        var divisor = denominator * BigInteger.Pow(10, 12 - story.Money.MinorUnits);
        return exact.Sign * (((BigInteger.Abs(exact) * 2) + divisor) / (2 * divisor));
    }

    public BigInteger Coins(BigInteger exact) => Coins(exact, whole);

    public static string Text(DateOnly from, DateOnly until, BigInteger price, BigInteger units, BigInteger coins) => $"{from:yyyy-MM-dd} {until:yyyy-MM-dd} {units} x {price} = {coins}";

    public static string Text(string kind, DateOnly from, BigInteger price, BigInteger coins) => $"{kind} {from:yyyy-MM-dd} x {price} = {coins}";

    /// <summary>A day of a thirty-day month weighs what is between its own number and the next day's, neither above thirty.</summary>
    private static (List<Day> Days, BigInteger Whole) Weighed(DateOnly from, DateOnly until, DayCount count)
    {
        var all = Enumerable.Range(from.DayNumber, until.DayNumber - from.DayNumber).Select(DateOnly.FromDayNumber).ToList();
        var months = Enumerable.Range(1, 12).FirstOrDefault(months => from.AddMonths(months) == until || until.AddMonths(-months) == from);
        if (count == DayCount.ActualPeriod || months == 0) return ([.. all.Select(day => new Day(day, 1))], all.Count);
        if (count == DayCount.MonthsFirst)
        {
            var starts = Enumerable.Range(0, months + 1).Select(month => until.Day > from.Day ? until.AddMonths(month - months) : from.AddMonths(month)).ToList();
            (starts[0], starts[^1]) = (from, until);
            return ([.. starts.Zip(starts.Skip(1)).SelectMany(month => all.Where(day => day >= month.First && day < month.Second)
                .Select(day => new Day(day, Months / (month.Second.DayNumber - month.First.DayNumber))))], (BigInteger)months * Months);
        }

        var (weighed, left) = (new List<Day>(), months * 30);
        foreach (var day in all)
        {
            var tomorrow = day.AddDays(1);
            var weight = tomorrow.Day == 1 ? 31 - Math.Min(day.Day, 30) : Math.Min(tomorrow.Day, 30) - Math.Min(day.Day, 30);
            weight = tomorrow == until ? left : Math.Min(weight, left);
            weighed.Add(new(day, weight));
            left -= weight;
        }

        return (weighed, months * 30);
    }

    /// <summary>What each day of service is charged for, before included units.</summary>
    private Dictionary<DateOnly, BigInteger> Billable(List<Day> service, int counts)
    {
        var counted = service.Select(day => Counted(day.On, counts)).ToList();
        BigInteger? kept = null;
        var billable = new Dictionary<DateOnly, BigInteger>();
        for (var index = 0; index < service.Count; index++)
        {
            var today = counted[index];
            if (story.Settings.Increases == ChangePolicy.HighWater) kept = counted.Max();
            else if (kept is null || today is null || today == kept) kept = today;
            else if ((today > kept ? story.Settings.Increases : story.Settings.Decreases) == ChangePolicy.Immediate) kept = today;
            var units = BigInteger.Max(kept ?? 0, Millionths(story.Minimum ?? 0m));
            billable[service[index].On] = story.Maximum is { } most ? BigInteger.Min(units, Millionths(most)) : units;
        }

        if (service.Count == 0 || story.Settings.Mode is CountMode.ProrateDaily or CountMode.MonthEndAverage) return billable;
        var all = story.Settings.Mode == CountMode.MonthEndLast ? billable[service[^1].On] : billable.Values.Max();
        return service.ToDictionary(day => day.On, _ => all);
    }

    private BigInteger? Counted(DateOnly day, int counts)
    {
        var known = story.Counts.Take(counts).ToList();
        var begins = known.Count == 0 ? default : known.Min(record => record.EffectiveOn);
        var late = story.Settings.ChangeDay == ChangeDay.Old ? 1 : 0;
        var holds = known.Where(record => record.EffectiveOn.AddDays(record.EffectiveOn == begins ? 0 : late) <= day).MaxBy(record => (record.EffectiveOn, record.Sequence));
        return holds is null ? null : Millionths(holds.Units.Value);
    }

    private PriceRecord Price(DateOnly day, int prices)
    {
        var late = story.Settings.ChangeDay == ChangeDay.Old ? 1 : 0;
        return story.Prices.Take(prices).Where(record => record.EffectiveOn.AddDays(late) <= day).MaxBy(record => (record.EffectiveOn, record.Sequence)) ?? story.FirstPrice;
    }

    private BigInteger Included => Millionths(story.Included ?? 0m);

    private void Daily(List<Day> service, Dictionary<DateOnly, BigInteger> billable, int prices, Dictionary<DateOnly, Dictionary<BigInteger, BigInteger>> target, Dictionary<(string, DateOnly, DateOnly?, BigInteger), BigInteger> once)
    {
        foreach (var day in service)
        {
            var units = BigInteger.Max(0, billable[day.On] - Included);
            var priced = ByPrice(Price(day.On, prices), units, 1);
            if (priced.Count > 0) target[day.On] = priced;
        }

        if (service.Count > 0) FlatFees(Price(service[^1].On, prices), BigInteger.Max(0, billable.Values.Max() - Included), 1, once);
    }

    /// <summary>Units by price, from the top tier down. Bounds are multiplied by a factor, for sums of weighted units.</summary>
    private static Dictionary<BigInteger, BigInteger> ByPrice(PriceRecord price, BigInteger units, BigInteger factor)
    {
        var found = new Dictionary<BigInteger, BigInteger>();
        if (units <= 0) return found;
        if (price.Tiers is not { } tiers) return new() { [Millionths(price.Price.Value)] = units };
        if (tiers.Kind == TierKind.Volume)
            return new() { [Millionths(tiers.Steps.First(step => step.UpTo is not { } upTo || units <= Millionths(upTo.Value) * factor).Price.Value)] = units };
        var abel = BigInteger.Zero;
        for (var index = tiers.Steps.Count - 1; index >= 0; index--)
        {
            var below = index == 0 ? BigInteger.Zero : Millionths(tiers.Steps[index - 1].UpTo!.Value.Value) * factor;
            if (units <= below) continue;
            var at = Millionths(tiers.Steps[index].Price.Value);
            found[at] = found.GetValueOrDefault(at) + units - below;
            abel += units * at;
            if (index > 0) abel -= below * at;
            units = below;
        }

        Assert.Equal(abel, found.Aggregate(BigInteger.Zero, (sum, pair) => sum + (pair.Key * pair.Value)));
        return found;
    }

    private void FlatFees(PriceRecord price, BigInteger most, BigInteger factor, Dictionary<(string, DateOnly, DateOnly?, BigInteger), BigInteger> once)
    {
        if (price.Tiers is not { } tiers || most <= 0) return;
        var reached = tiers.Steps.Where((_, index) => index == 0 || most > Millionths(tiers.Steps[index - 1].UpTo!.Value.Value) * factor).ToList();
        foreach (var step in tiers.Kind == TierKind.Volume ? reached.TakeLast(1) : reached)
        {
            var key = ("FlatFee", story.Period.Span.From, (DateOnly?)null, Millionths(step.FlatFee.Value));
            once[key] = once.GetValueOrDefault(key) + (Million * key.Item4 * whole);
        }
    }

    /// <summary>The average of units times the weight is their weighted sum; what is compared with it is multiplied by the weight.</summary>
    private void Averages(List<Day> service, Dictionary<DateOnly, BigInteger> billable, int prices, Dictionary<(string, DateOnly, DateOnly?, BigInteger), BigInteger> once)
    {
        for (var first = 0; first < service.Count;)
        {
            var price = Price(service[first].On, prices);
            var span = service.Skip(first).TakeWhile(day => ReferenceEquals(Price(day.On, prices), price)).ToList();
            var weight = span.Aggregate(BigInteger.Zero, (sum, day) => sum + day.Weight);
            var units = span.Aggregate(BigInteger.Zero, (sum, day) => sum + (billable[day.On] * day.Weight)) - (Included * weight);
            if (weight > 0)
            {
                foreach (var (at, sum) in ByPrice(price, units, weight)) once[("Average", span[0].On, span[^1].On.AddDays(1), at)] = at * sum;
                if (first + span.Count == service.Count) FlatFees(price, units, weight, once);
            }

            first += span.Count;
        }
    }

    private void Commitment(List<Day> service, Dictionary<DateOnly, Dictionary<BigInteger, BigInteger>> target, Dictionary<(string, DateOnly, DateOnly?, BigInteger), BigInteger> once)
    {
        if (story.Commitment is not { } least || service.Count == 0) return;
        var weight = service.Aggregate(BigInteger.Zero, (sum, day) => sum + day.Weight);
        var missing = (Millionths(least) * Million * weight) - Sum(target, once);
        if (missing > 0) once[("Commitment", service[0].On, null, Millionths(least))] = missing;
    }

    private BigInteger Sum(Dictionary<DateOnly, Dictionary<BigInteger, BigInteger>> target, Dictionary<(string, DateOnly, DateOnly?, BigInteger), BigInteger> once)
    {
        var weights = days.ToDictionary(day => day.On, day => day.Weight);
        return target.Aggregate(BigInteger.Zero, (sum, day) => sum + day.Value.Aggregate(BigInteger.Zero, (part, pair) => part + (pair.Key * pair.Value * weights[day.Key])))
            + once.Values.Aggregate(BigInteger.Zero, (sum, part) => sum + part);
    }

    private List<string> DayLines(Dictionary<DateOnly, Dictionary<BigInteger, BigInteger>> target)
    {
        var spans = new List<(DateOnly From, DateOnly Until, BigInteger Weight, List<(BigInteger Units, BigInteger Price)> Lines, Dictionary<BigInteger, BigInteger> Before, Dictionary<BigInteger, BigInteger> After)>();
        foreach (var day in days)
        {
            var (before, after) = (posted.GetValueOrDefault(day.On) ?? [], target.GetValueOrDefault(day.On) ?? []);
            var lines = Lines(before, after);
            var joins = spans.Count > 0 && spans[^1].Lines.SequenceEqual(lines)
                && (story.Settings.LineStyle == LineStyle.SingleDelta || (Same(spans[^1].Before, before) && Same(spans[^1].After, after)));
            if (joins) spans[^1] = spans[^1] with { Until = day.On.AddDays(1), Weight = spans[^1].Weight + day.Weight };
            else spans.Add((day.On, day.On.AddDays(1), day.Weight, lines, before, after));
        }

        return [.. spans.SelectMany(span => span.Lines.Select(line => Text(span.From, span.Until, line.Price, line.Units, Amount(line.Units, line.Price, span.Weight))))];
    }

    private List<(BigInteger Units, BigInteger Price)> Lines(Dictionary<BigInteger, BigInteger> before, Dictionary<BigInteger, BigInteger> after)
    {
        if (Same(before, after)) return [];
        var credits = before.Select(pair => (Units: -pair.Value, Price: pair.Key));
        var charges = after.Select(pair => (Units: pair.Value, Price: pair.Key));
        var lines = credits.Concat(charges);
        if (story.Settings.LineStyle == LineStyle.SingleDelta)
            lines = lines.GroupBy(line => line.Price).Select(same => (Units: same.Aggregate(BigInteger.Zero, (sum, line) => sum + line.Units), Price: same.Key)).Where(line => line.Units != 0);
        return [.. lines.OrderBy(line => line.Units).ThenBy(line => line.Price)];
    }

    private static bool Same(Dictionary<BigInteger, BigInteger> one, Dictionary<BigInteger, BigInteger> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var units) && units == pair.Value);

    private IEnumerable<string> OnceLines(Dictionary<(string Kind, DateOnly From, DateOnly? Until, BigInteger Price), BigInteger> once) =>
        once.Keys.Union(postedOnce.Keys).OrderBy(key => Array.IndexOf(["Average", "FlatFee", "Commitment"], key.Kind)).ThenBy(key => key.From).ThenBy(key => key.Until).ThenBy(key => key.Price)
            .Select(key => (key, change: once.GetValueOrDefault(key) - postedOnce.GetValueOrDefault(key)))
            .Where(line => line.change != 0)
            .Select(line => Text(line.key.Kind, line.key.From, line.key.Price, Rounded(line.change)));

    private BigInteger Amount(BigInteger units, BigInteger price, BigInteger weight)
    {
        if (story.Settings.UnitPriceRounding == UnitPriceRounding.None) return Rounded(units * price * weight);
        Exact += units * price * weight;
        var ofOne = Coins(Million * price * weight);
        return Coins(units * ofOne * BigInteger.Pow(10, 6 - story.Money.MinorUnits), 1);
    }

    private BigInteger Rounded(BigInteger change)
    {
        var before = Exact;
        Exact = before + change;
        if (story.Settings.Rounding == LineRounding.IndependentPerLine || story.Settings.UnitPriceRounding == UnitPriceRounding.PerUnit) return Coins(change);
        var amount = Coins(Exact) - paid;
        paid += amount;
        return amount;
    }

    private static BigInteger Millionths(decimal value) => new(value * 1_000_000m);
}
