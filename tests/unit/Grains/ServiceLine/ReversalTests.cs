using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

public sealed class ReversalTests
{
    private static readonly DateRange October = new(Lines.Day("1 Oct"), Lines.Day("1 Nov"));

    [Fact]
    public void A_posted_entry_is_undone_and_repeated_with_the_same_days_price_and_cause()
    {
        var charge = new LedgerEntry("charge", October, October, 12m, new(23.10m), new(277.20m, Currency.Of("USD")), Lines.Day("1 Oct"), Lines.Day("1 Sep"), 1);
        var credit = charge with { Kind = "adjustment", Days = new(Lines.Day("17 Oct"), Lines.Day("1 Nov")), UnitsDelta = -2m, Amount = new(-22.35m, Currency.Of("USD")) };
        var line = Lines.Manual(12m);

        var decision = LineDecisions.Decide(
            line, new ServiceLineMessage.ReverseEntries([new(new(2, 1), charge), new(new(5, 3), credit)]), Lines.Turn("20 Oct"));

        Assert.Equal(
            LineDecisions.Accepts(
                line,
                Entry(charge with { Kind = "reversal", UnitsDelta = -12m, Amount = new(-277.20m, Currency.Of("USD")), Corrects = new(2, 1) }),
                Entry(charge with { Kind = "again", Corrects = new(2, 1) }),
                Entry(credit with { Kind = "reversal", UnitsDelta = 2m, Amount = new(22.35m, Currency.Of("USD")), Corrects = new(5, 3) }),
                Entry(credit with { Kind = "again", Corrects = new(5, 3) })),
            decision);
    }

    private static Effect Entry(LedgerEntry entry) => new Effect.AddLedgerEntry(entry with { Night = Lines.Day("20 Oct") });
}
