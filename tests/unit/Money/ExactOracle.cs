using System.Numerics;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>The rule again, day by day and in big rationals, sharing nothing with the program but the records it is given.</summary>
internal sealed class ExactOracle(LineStory story)
{
    private readonly Dictionary<DateOnly, Dictionary<decimal, decimal>> posted = [];

    private BigInteger cumulative = BigInteger.Zero;

    /// <summary>The exact total posted so far, in 10^−12 of the currency unit times days.</summary>
    public BigInteger Cumulative => cumulative;

    /// <summary>Posts what the first counts and prices that arrived say, and returns the lines as text.</summary>
    public List<string> Post(int counts, int prices)
    {
        var differences = new List<(DateOnly From, DateOnly Until, Dictionary<decimal, decimal> Units)>();
        for (var day = story.Period.Span.From; day < story.Period.Span.Until; day = day.AddDays(1))
        {
            var target = Charged(day, counts, prices);
            var units = Difference(target, posted.GetValueOrDefault(day) ?? []);
            posted[day] = target;
            if (differences.Count > 0 && Same(differences[^1].Units, units)) differences[^1] = (differences[^1].From, day.AddDays(1), units);
            else differences.Add((day, day.AddDays(1), units));
        }

        return [.. differences.SelectMany(span => span.Units.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => Line(span.From, span.Until, pair.Key, pair.Value)))];
    }

    /// <summary>Whole coins of the exact amount, half away from zero.</summary>
    public BigInteger Coins(BigInteger exact)
    {
        var divisor = story.Period.Span.Days * BigInteger.Pow(10, 12 - story.Money.MinorUnits);
        var doubled = BigInteger.Abs(exact) * 2;
        return exact.Sign * ((doubled + divisor) / (2 * divisor));
    }

    public static string Text(DateOnly from, DateOnly until, decimal price, decimal units, BigInteger coins) =>
        $"{from:yyyy-MM-dd} {until:yyyy-MM-dd} {units:0.######} x {price:0.######} = {coins}";

    private string Line(DateOnly from, DateOnly until, decimal price, decimal units)
    {
        var before = Coins(cumulative);
        cumulative += new BigInteger(units * 1_000_000m) * new BigInteger(price * 1_000_000m) * (until.DayNumber - from.DayNumber);
        return Text(from, until, price, units, Coins(cumulative) - before);
    }

    private Dictionary<decimal, decimal> Charged(DateOnly day, int counts, int prices)
    {
        if (day < story.ServiceFrom || day >= story.ServiceUntil) return [];
        var price = story.Prices.Take(prices).Where(record => record.EffectiveOn <= day).MaxBy(record => (record.EffectiveOn, record.Sequence))?.Price.Value ?? story.Price;
        var units = story.Counts.Take(counts).Where(record => record.EffectiveOn <= day).MaxBy(record => (record.EffectiveOn, record.Sequence))?.Units.Value ?? 0m;
        units = Math.Max(units, story.Minimum ?? 0m);
        units = Math.Min(units, story.Maximum ?? decimal.MaxValue);
        units = Math.Max(0m, units - (story.Included ?? 0m));
        return units == 0m ? [] : new() { [price] = units };
    }

    private static Dictionary<decimal, decimal> Difference(Dictionary<decimal, decimal> target, Dictionary<decimal, decimal> before) =>
        target.Keys.Union(before.Keys).Select(price => (price, units: target.GetValueOrDefault(price) - before.GetValueOrDefault(price)))
            .Where(pair => pair.units != 0m).ToDictionary(pair => pair.price, pair => pair.units);

    private static bool Same(Dictionary<decimal, decimal> left, Dictionary<decimal, decimal> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var units) && units == pair.Value);
}
