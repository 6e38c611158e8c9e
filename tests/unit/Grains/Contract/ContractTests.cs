using UsageBilling.Grains.Contract;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Contract dates, and who hears when they move.</summary>
public sealed class ContractTests
{
    private static readonly ContractGrain Grain = new();
    private static readonly ContractState Contract = new(new(1), "Backup", Lines.Day("1 Mar"), Lines.Day("1 Dec"), true);

    [Fact]
    public void A_contract_seen_as_it_was_changes_nothing()
    {
        var decision = Observe("Backup", "1 Mar", "1 Dec");
        Assert.Equal((Contract, RefusalCode.NothingChanged, 0), (decision.State, Assert.IsType<Verdict.Refused>(decision.Verdict).Code, decision.Effects.Count));
    }

    [Fact]
    public void A_new_name_is_written_down_and_told_to_nobody() => Assert.Equal(
        new Decision<ContractState>(
            Contract with { Name = "Backup 2026" },
            Verdict.Ok,
            [new Effect.Audit("contract.observed", "Backup, 2026-03-01 until 2026-12-01, active", "Backup 2026, 2026-03-01 until 2026-12-01, active")]),
        Observe("Backup 2026", "1 Mar", "1 Dec"));

    [Theory]
    [InlineData("1 Mar", "1 Jun 2027", "16 Sep")]
    [InlineData("1 Mar", "1 Oct", "16 Sep")]
    [InlineData("1 Mar", "1 Sep", "1 Sep")]
    [InlineData("1 Feb", "1 Dec", "1 Feb")]
    [InlineData("1 Apr", "1 Dec", "1 Mar")]
    [InlineData("1 Oct", "1 Jun 2027", "1 Mar")]
    public void Moved_dates_are_told_to_the_lines_at_once_from_the_first_day_that_moved(string from, string until, string told) =>
        Assert.Equal(new Effect.TellLinesOfContract(Lines.Day(told)), Observe("Backup", from, until).Effects[0]);

    [Theory]
    [InlineData("1 Mar", "1 Mar")]
    [InlineData("1 Mar", "1 Feb")]
    public void A_contract_that_ends_before_it_begins_is_refused(string from, string until)
    {
        var decision = Observe("Backup", from, until);
        Assert.Equal((Contract, RefusalCode.ContractDatesInverted), (decision.State, Assert.IsType<Verdict.Refused>(decision.Verdict).Code));
    }

    private static Decision<ContractState> Observe(string name, string from, string until) =>
        Grain.Decide(Contract, new ContractMessage.Observed(name, Lines.Day(from), Lines.Day(until), true), Lines.Turn("16 Sep"));
}
