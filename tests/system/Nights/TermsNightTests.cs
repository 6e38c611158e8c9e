using UsageBilling.Grains.Contract;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>The demo's first night over lines that have a price list, a second price, or a contract whose end moved. N is the night, P..Q the billing period around it.</summary>
public sealed class TermsNightTests : IAsyncLifetime
{
    private const string Ledger = """
        select l.remote_id, e.kind, e.from_on || '..' || e.until_on, trim_scale(e.units_delta), trim_scale(e.unit_price), e.price_from,
            case when sum(e.amount) over w = round(sum(e.units_delta * e.unit_price * (e.until_on - e.from_on)) over w / (e.period_until - e.period_from), 2) then 'exact' else 'wrong' end
        from ledger_entry e
        join service_line l on l.id = e.line_id
        where l.remote_id in ('8001', '8004', '8009')
        window w as (partition by e.line_id, e.period_from)
        order by l.remote_id, e.line_ver, e.entry_no
        """;

    private DemoMsp demo = null!;

    public async Task InitializeAsync() => demo = await DemoMsp.Mapped();

    public async Task DisposeAsync() => await demo.DisposeAsync();

    [Fact]
    public async Task A_night_prices_what_it_counts_by_the_terms_of_each_line()
    {
        var tiers = new ProposedTerms(null, null, null, TierKind.Graduated, [new(20m, 3.5m, 0m), new(null, 2m, 0m)], ProrationOverrides.None);
        await Tell("8001", new ServiceLineMessage.ChangeTerms(tiers, DemoSeed.Period.From));
        await Tell("8004", new ServiceLineMessage.ChangePrice(2m, DemoSeed.FirstNight));

        await demo.RequestNight();
        await demo.ReadNight("the night");

        Assert.Equal(
            """
            8001 | adjustment | P..Q | -5 | 3.5 | P | exact
            8001 | adjustment | P..Q | 5 | 2 | P | exact
            8001 | adjustment | N..Q | 3 | 2 | P | exact
            8004 | adjustment | N..Q | -9 | 1.25 | - | exact
            8004 | adjustment | N..Q | 9 | 2 | N | exact
            8004 | adjustment | N..Q | 2 | 2 | N | exact
            """,
            await demo.Table(Ledger));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_contract_whose_end_moves_into_the_charged_period_gives_its_days_back_and_takes_them_again()
    {
        var id = await demo.Hub.Scalar<long>("select contract_id from service_line where remote_id = '8009'");
        var contracts = new TurnEngine<ContractState, ContractMessage>(demo.Hub.Database, new ContractGrain(), new ContractTable(), demo.Signal);
        var until = await demo.Hub.Scalar<DateOnly>($"select until_on from contract where id = {id}");

        foreach (var end in new[] { DemoSeed.FirstNight.AddDays(2), until })
        {
            var from = await demo.Hub.Scalar<DateOnly>($"select from_on from contract where id = {id}");
            Assert.Equal(new TurnResult.Taken(Verdict.Ok), await contracts.Ask(DemoMsp.Msp, id, new ContractMessage.Observed("moved", from, end, true), "clerk", default));
            await demo.ReadNight($"the contract until {end:yyyy-MM-dd}");
        }

        Assert.Equal(
            """
            8009 | adjustment | N+2..Q | -85 | 3.2 | - | exact
            8009 | adjustment | N+2..Q | 85 | 3.2 | - | exact
            """,
            await demo.Table(Ledger));
    }

    private async Task Tell(string line, ServiceLineMessage message)
    {
        var id = await demo.Hub.Scalar<long>($"select id from service_line where remote_id = '{line}'");
        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await demo.Lines.Ask(DemoMsp.Msp, id, message, "clerk", default));
    }
}
