using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Whatever prices, terms, ends of contract and units a line is given in a quarter, its ledger is what they cost. The seed is in the failure.</summary>
public sealed class AnyTermsTests
{
    private static readonly string[] Terms =
    [
        "plain", "included 4", "minimum 8", "maximum 11", "minimum 3 included 5", "commitment 250", "commitment 90.5 included 3 mode MonthEndMax", "commitment 120 graduated 10:3 :2+15", "graduated 10:20 20:15+30 :10", "volume 10:20 :15+5", "mode MonthEndLast",
        "mode MonthEndMax", "mode MonthEndAverage", "mode MonthEndLast graduated 6:3 :2", "included 2 mode MonthEndMax",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 300)];

    [Theory, MemberData(nameof(Seeds))]
    public void The_ledger_is_what_the_line_costs_now(int seed)
    {
        var (world, charged) = (new LineWorld(Lines.Manual(12m)), 277.20m);
        var random = new Random(seed);
        for (var day = Lines.Day("2 Sep"); day < Lines.Day("15 Dec"); day = day.AddDays(1))
        {
            if (day.Day == 1) world.Say("boundary", day);
            world.Say(Message(random, day), day);
            charged += world.TakeEffects().OfType<Effect.AddLedgerEntry>().Sum(effect => effect.Entry.Amount.Amount);
            Assert.Equal((seed, day, Cost(world.Line)), (seed, day, charged));
        }
    }

    private static string Message(Random random, DateOnly day)
    {
        var back = random.Next(Math.Min(40, day.DayNumber - Lines.Day("1 Sep").DayNumber));
        var some = Lines.Text(day.AddDays(-back));
        var ahead = Lines.Text(new[] { day.AddDays(random.Next(40)), Lines.Day("30 Dec") }.Min());
        return random.Next(12) switch
        {
            0 => $"price {random.Next(9)}.{random.Next(99)} from {some}",
            1 => $"price {random.Next(9)}.{random.Next(99)} from {ahead}",
            2 => $"terms {Terms[random.Next(Terms.Length)]} from {some}",
            3 => $"terms {Terms[random.Next(Terms.Length)]} from {ahead}",
            4 when random.Next(3) == 0 => $"contract until {Lines.Text(Lines.Day("2 Sep").AddDays(random.Next(200)))}",
            5 or 6 => $"give {random.Next(30)} from {ahead}",
            _ => $"give {random.Next(30)} from {some}",
        };
    }

    private static decimal Cost(ServiceLineState line) => line.Terms.Cadence.PeriodsOverlapping(new(Lines.Day("1 Sep"), line.ChargedUntil)).Sum(period =>
    {
        var held = line.Terms.Changes.LastOrDefault(change => change.From <= period.Span.From)?.Terms;
        var prices = line.Terms.Prices.Aggregate(
            PriceTimeline.Constant(line.Terms.UnitPrice), (known, price) => known.With(new(price.EffectiveOn, price.Sequence, price.Price)));
        var terms = new UsageBilling.Grains.Prorating.LineTerms(
            line.Terms.Cadence,
            line.Terms.Currency,
            held?.Tiers is { } tiers ? PriceTimeline.Constant(new(0m), tiers) : prices,
            line.Contract.From,
            line.Contract.Until,
            held?.Minimum,
            held?.Maximum,
            held?.Included,
            held?.Commitment,
            settings: held?.Settings.Over(ProrationSettings.Default));
        var running = line.RunningUnits is { } units && period.Span.Until == line.ChargedUntil
            ? CountTimeline.Of([new(DateOnly.MinValue, 0, units)])
            : CountTimeline.Of(line.Counts.Select(count => new UsageBilling.Grains.Prorating.CountRecord(count.EffectiveOn, count.Sequence, count.Units)));
        return Rounding.Round(Proration.Total(terms, running, period), line.Terms.Currency).Amount;
    });
}
