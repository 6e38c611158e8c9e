using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>The demo's first night, from the vendor's counts to posted units. N is the night, P..Q the billing period around it.</summary>
public sealed class FirstNightTests : IAsyncLifetime
{
    private DemoMsp demo = null!;

    public async Task InitializeAsync() => demo = await DemoMsp.AfterFirstNight();

    public async Task DisposeAsync() => await demo.DisposeAsync();

    [Fact]
    public async Task Thirteen_tenants_are_read_once_and_wait_for_the_next_night()
    {
        Assert.Equal("N | finished | 13 | 13 | 0 | 13 | 0 | -", await demo.Table(Tables.Nights));
        Assert.Equal("", await demo.Table(Tables.ReadTwice));
        Assert.Equal(
            """
            1 | read | N+1 | - | 13
            3 | boundary | Q | - | 19
            3 | confirm | - | - | 2
            4 | read | N+1 | - | 1
            """,
            await demo.Table(Tables.Reminders));
    }

    [Fact]
    public async Task Five_lines_move_and_three_are_held()
    {
        Assert.Equal(
            """
            8001 | 28 | N | N | reading
            8003 | 159 | N | N | reading
            8004 | 11 | N | N | reading
            8006 | 38 | N | N | reading
            8007 | 148 | N | N | reading
            """,
            await demo.Table(Tables.Counts));
        Assert.Equal(
            """
            8014 | moved_too_far | N | 40 | 19 | 0 | -
            8016 | count_missing | N | 22 | - | 0 | -
            8018 | dropped_to_zero | N | 16 | 0 | 0 | -
            """,
            await demo.Table(Tables.Holds));
    }

    [Fact]
    public async Task Each_move_is_one_ledger_entry_one_intent_and_one_adjustment_in_the_psa()
    {
        Assert.Equal(
            """
            8001 | adjustment | P..Q | N..Q | 3 | 3.5 | N | by days
            8003 | adjustment | P..Q | N..Q | -3 | 3.5 | N | by days
            8004 | adjustment | P..Q | N..Q | 2 | 1.25 | N | by days
            8006 | adjustment | P..Q | N..Q | 4 | 3.2 | N | by days
            8007 | adjustment | P..Q | N..Q | 2 | 3.5 | N | by days
            """,
            await demo.Table(Tables.Ledger));
        Assert.Equal(
            """
            8001 | N | N | 28 | confirmed | applied | 1 | 3
            8003 | N | N | 159 | confirmed | applied | 1 | -3
            8004 | N | N | 11 | confirmed | applied | 1 | 2
            8006 | N | N | 38 | confirmed | applied | 1 | 4
            8007 | N | N | 148 | confirmed | applied | 1 | 2
            """,
            await demo.Table(Tables.Intents));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task Line_by_line_the_psa_shows_the_units_the_hub_counts()
    {
        Assert.Equal(FirstNight.Units, await demo.Table(Tables.UnitsNow));
        Assert.Equal(FirstNight.Units.Replace(" | ", " "), await demo.Psa.UnitsOn(DemoSeed.FirstNight));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task The_same_night_asked_for_again_is_refused_and_changes_nothing()
    {
        var asked = await demo.Integrations.Ask(
            DemoMsp.Msp, DemoMsp.UniView.Value, new Interfaces.Grains.IntegrationMessage.NightRequested(DemoSeed.FirstNight), "clerk", default);

        var refused = Assert.IsType<Interfaces.Turns.Verdict.Refused>(Assert.IsType<Runtime.Turns.TurnResult.Taken>(asked).Verdict);
        Assert.Equal("night_already_read", refused.Code);
        Assert.Equal("N | finished | 13 | 13 | 0 | 13 | 0 | -", await demo.Table(Tables.Nights));
    }
}
