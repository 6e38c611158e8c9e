using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Quotas;

/// <summary>A large book in a pool of calls that others have mostly used: few calls for each change, none for what did not change.</summary>
public sealed class SharedPoolTests
{
    private const int Contracts = 250;
    private const int LinesEach = 20;

    [Fact]
    public async Task Five_thousand_lines_of_which_a_twentieth_changed_never_meet_the_limit_of_a_pool_that_is_used_to_three_fifths()
    {
        await using var demo = await DemoMsp.Mapped(DemoSeed.WithAutotask(Add));
        await demo.Hub.Sql("delete from vendor_chunk; delete from vendor_budget");
        await demo.Strangers(6_000);
        await using var silo = await demo.StartSilo(bounds => bounds with { CallTimeLimit = TimeSpan.FromSeconds(30) });
        await demo.Hub.Sql("insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'import', 4, 1)");
        await demo.UntilQuiet("the import");
        Assert.Equal("imported", await demo.Table("select code from run where kind = 'import' order by id desc limit 1"));
        Assert.Equal("5000", await demo.Table("select count(*) from service_line where remote_id::bigint >= 100000"));
        var imported = await demo.Requests("autotask");

        foreach (var line in await Changed(demo))
        {
            Assert.Equal(
                new TurnResult.Taken(Verdict.Ok),
                await demo.Lines.Ask(DemoMsp.Msp, line, new ServiceLineMessage.GiveUnits(new Units(12m), DemoSeed.FirstNight), "clerk", default));
        }

        await demo.UntilQuiet("the changes");

        Assert.Equal("250 | applied | 1 | 1", await demo.Table("select count(*), code, min(attempt), max(attempt) from intent where state = 'confirmed' group by code"));
        Assert.Equal(250, (await demo.Psa.Journal()).Split('\n').Length);
        Assert.Equal(0, await TurnedAway(demo));
        // one to send each, and the reads before and after it, which many changes share
        Assert.InRange(await demo.Requests("autotask") - imported, 250, 2 * 250);
    }

    private static async Task<IReadOnlyList<long>> Changed(DemoMsp demo)
    {
        await demo.Hub.Sql("update service_line set basis = 1 where remote_id::bigint >= 100000");
        var lines = await demo.Table($"select id from service_line where remote_id::bigint >= 100000 and remote_id::bigint % {LinesEach} = 0 order by id");
        return [.. lines.Split('\n').Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
    }

    private static async Task<int> TurnedAway(DemoMsp demo)
    {
        var traffic = JsonNode.Parse(await demo.Hub.Vendors.GetStringAsync(new Uri("_sandbox/autotask/traffic", UriKind.Relative)))!.AsObject();
        return traffic.Sum(endpoint => (int)endpoint.Value!["turned_away"]!);
    }

    private static void Add(JsonNode book)
    {
        for (var i = 0; i < Contracts; i++)
        {
            book["companies"]!.AsArray().Add(new JsonObject
            {
                ["id"] = 1000 + i, ["companyName"] = $"Customer {i}", ["phone"] = "555 0200", ["companyNumber"] = $"C{1000 + i}",
            });
            book["contracts"]!.AsArray().Add(new JsonObject
            {
                ["id"] = 29_700_000 + i, ["companyID"] = 1000 + i, ["contractName"] = $"Services of customer {i}", ["contractType"] = 7, ["contractPeriodType"] = 2, ["status"] = 1,
                ["startDate"] = DemoMsp.Iso(DemoSeed.Period.From.AddMonths(-1)), ["endDate"] = DemoMsp.Iso(DemoSeed.Period.Until.AddMonths(1)), ["timeReportingRequiresStartAndStopTimes"] = 0,
                ["lines"] = new JsonArray([.. Enumerable.Range(0, LinesEach).Select(n => new JsonObject { ["id"] = 100_000 + (i * LinesEach) + n, ["serviceID"] = 45, ["units"] = 10 })]),
            });
        }
    }
}
