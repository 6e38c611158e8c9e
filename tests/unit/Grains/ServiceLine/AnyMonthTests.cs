using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>What is true of every month, whatever sources show and people do in it. The seed is in the failure.</summary>
public sealed class AnyMonthTests
{
    private const int Days = 61;

    private static readonly string[] Tenants = ["alder", "birch", "cedar"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory, MemberData(nameof(Seeds))]
    public void The_ledger_is_what_the_counts_cost_and_a_psa_of_differences_bills_the_same_units(int seed)
    {
        var (world, psa, charged) = (new LineWorld(Lines.Of(12m)), new DifferencePsa(Lines.Day("1 Sep"), 12m), 277.20m);
        var random = new Random(seed);
        world.Say("alder is 12", Lines.Day("1 Sep"));
        world.Say("map alder from 1 Sep", Lines.Day("1 Sep"));
        for (var day = Lines.Day("2 Sep"); day < Lines.Day("1 Sep").AddDays(Days); day = day.AddDays(1))
        {
            world.Say(Message(random, day), day);
            if (day.Day == 1) world.Say("boundary", day);
            foreach (var effect in world.TakeEffects())
            {
                if (effect is Effect.SetUnits wish) psa.Take(wish.EffectiveOn, wish.Desired.Value);
                if (effect is Effect.AddLedgerEntry posted) charged += posted.Entry.Amount.Amount;
                if (effect is Effect.AddCount { Count: { Source: "reading" } count }) Assert.NotEqual(Units.Zero, count.Units);
            }
        }

        Assert.Equal(Cost(world.Line), charged);
        for (var day = Lines.Day("1 Sep"); day < Lines.Day("1 Nov"); day = day.AddDays(1))
            Assert.Equal((day, LineDecisions.UnitsOn(world.Line, Lines.Text(day))), (day, psa.On(day)));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_psa_that_hears_of_changes_by_the_month_bills_the_months_peak_or_its_first_day(int seed)
    {
        foreach (var timing in new[] { UnitTiming.MonthPeak, UnitTiming.NextMonth })
        {
            var (world, psa) = (new LineWorld(Lines.Of(12m) with { Psa = Lines.Psa with { Timing = timing } }), new DifferencePsa(Lines.Day("1 Sep"), 12m));
            var random = new Random(seed);
            world.Say("map alder from 1 Sep", Lines.Day("1 Sep"));
            for (var day = Lines.Day("2 Sep"); day < Lines.Day("1 Sep").AddDays(Days); day = day.AddDays(1))
            {
                world.Say(Message(random, day), day);
                foreach (var wish in world.TakeEffects().OfType<Effect.SetUnits>()) psa.Take(wish.EffectiveOn, wish.Desired.Value);
            }

            foreach (var first in new[] { Lines.Day("1 Sep"), Lines.Day("1 Oct") })
            {
                var month = Enumerable.Range(0, timing == UnitTiming.MonthPeak ? first.AddMonths(1).DayNumber - first.DayNumber : 1).Select(first.AddDays);
                var billed = month.Max(day => LineDecisions.UnitsOn(world.Line, Lines.Text(day)));
                for (var day = first; day < first.AddMonths(1); day = day.AddDays(1)) Assert.Equal((timing, day, billed), (timing, day, psa.On(day)));
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_message_that_comes_twice_decides_nothing_the_second_time(int seed)
    {
        var world = new LineWorld(Lines.Of(12m));
        var random = new Random(seed);
        world.Say("map alder from 1 Sep", Lines.Day("1 Sep"));
        for (var day = Lines.Day("2 Sep"); day < Lines.Day("1 Sep").AddDays(Days); day = day.AddDays(1))
        {
            var message = Message(random, day);
            world.Say(message, day);
            world.TakeEffects();
            var told = message.Split(' ') is [.., "on", var date, var month] ? $"told {date} {month}" : $"told {Lines.Text(day)}";
            if (message.StartsWith("release ", StringComparison.Ordinal)) continue;
            world.Say(told, day);
            var before = world.Line;
            world.TakeEffects();
            world.Say(told, day);
            Assert.Equal((message, before), (message, world.Line));
            Assert.Empty(world.TakeEffects());
        }
    }

    private static string Message(Random random, DateOnly day)
    {
        var tenant = Tenants[random.Next(Tenants.Length)];
        var past = Lines.Text(day.AddDays(-random.Next(Math.Min(30, day.DayNumber - Lines.Day("1 Sep").DayNumber))));
        return random.Next(14) switch
        {
            0 => $"{tenant} null",
            1 => $"{tenant} failed",
            2 => $"{tenant} 0",
            3 => $"{tenant} {random.Next(60)} fallen",
            4 => $"map {tenant} from {past}",
            5 => $"unmap {tenant} from {past}",
            6 => "release",
            7 => $"release {random.Next(40)}",
            8 => $"{tenant} {random.Next(60)} on {past}",
            9 => $"told {past}",
            10 => $"{tenant} {random.Next(60)}",
            _ => $"{tenant} {10 + random.Next(5)}",
        };
    }

    private static decimal Cost(ServiceLineState line)
    {
        var terms = new UsageBilling.Grains.Prorating.LineTerms(line.Terms.Cadence, line.Terms.Currency, PriceTimeline.Constant(line.Terms.UnitPrice), line.Contract.From, line.Contract.Until);
        var counts = CountTimeline.Of(line.Counts.Select(count => new UsageBilling.Grains.Prorating.CountRecord(count.EffectiveOn, count.Sequence, count.Units)));
        return line.Terms.Cadence.PeriodsOverlapping(new(Lines.Day("1 Sep"), line.ChargedUntil))
            .Sum(period => Rounding.Round(Proration.Total(terms, counts, period), line.Terms.Currency).Amount);
    }

    /// <summary>A PSA that keeps each change of units as a difference from a date on, as Autotask does.</summary>
    private sealed class DifferencePsa(DateOnly from, decimal units)
    {
        private readonly List<(DateOnly On, decimal Difference)> differences = [(from, units)];

        public decimal On(DateOnly day) => differences.Where(difference => difference.On <= day).Sum(difference => difference.Difference);

        public void Take(DateOnly day, decimal desired) => differences.Add((day, desired - On(day)));
    }
}
