using System.Globalization;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Tests.System.Api;

/// <summary>A line that begins to be charged at another time. M is the first of this month.</summary>
public sealed class LineTimingTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private static readonly string[] OfMoney = ["I1", "I3", "I4", "I10", "I13"];

    private DateOnly First => hub.Night.AddDays(1 - hub.Night.Day);

    [Fact]
    public async Task Every_month_is_charged_once_and_is_ready_and_invoiced_on_its_day()
    {
        var line = await hub.Line(await hub.Integration("autotask"), await hub.Account(await hub.Integration("autotask")));
        await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "manual" });
        await hub.Sql("update service_line set charged_until = $2 where id = $1", line, First.AddMonths(-2));
        await hub.Operator.Put($"/v1/lines/{line}/units", new { units = "10", effective_on = Day(First.AddMonths(-2)) });

        var arrears = await hub.Operator.Put($"/v1/lines/{line}/terms", new { timing = "arrears", from = Day(First.AddMonths(-1)) });
        Assert.Equal("advance arrears", string.Join(' ', arrears.Json["terms"]!.AsArray().Select(terms => (string?)terms!["timing"])));
        await Boundary(line);
        Assert.Equal("charge M-2 42.00, charge M-1 42.00", await Ledger(line));
        Assert.Equal($"arrears {Day(First)}", await Shown(line));
        Assert.Equal(1, await hub.Sql("select count(*) from reminder where grain_kind = 3 and grain_id = $1 and name = 'boundary' and due_at > now()", line));

        Assert.Equal(200, (await hub.Operator.Put($"/v1/lines/{line}/terms", new { })).Status);
        Assert.Equal(1, await hub.Sql("select count(*) from reminder where grain_kind = 3 and grain_id = $1 and name = 'boundary' and due_at <= now()", line));
        await Boundary(line);
        Assert.Equal("charge M-2 42.00, charge M-1 42.00, charge M+0 42.00", await Ledger(line));
        Assert.Equal($"advance {Day(First.AddMonths(1))}", await Shown(line));
        await Boundary(line);
        Assert.Equal("409 terms_fixed", (await hub.Operator.Put($"/v1/lines/{line}/terms", new { timing = "arrears" })).Problem);
        Assert.Equal("charge M-2 42.00, charge M-1 42.00, charge M+0 42.00", await Ledger(line));

        Assert.Equal("M-2", await Ready(line, First.AddDays(-2)));
        Assert.Equal("M-2, M-1", await Ready(line, First.AddDays(-1)));
        Assert.Equal("M-2, M-1, M+0", await Ready(line, First));
        var plan = await hub.Operator.Post("/v1/plans", new { through = Day(hub.Night), contract = await Contract(line) });
        Assert.Equal(200, (await hub.Operator.Post($"/v1/plans/{plan.Json["id"]}/apply", new { hash = (string)plan.Json["hash"]! })).Status);
        Assert.Equal("42.00", await Invoiced(line, First.AddDays(-2)));
        Assert.Equal("42.00", await Invoiced(line, First.AddDays(-1)));
        Assert.Equal("42.00", await Invoiced(line, First));
        Assert.DoesNotContain(await new InvariantStore(hub.Source).Breaches(default), breach => OfMoney.Contains(breach.Invariant));
    }

    private async Task Boundary(long line)
    {
        var lines = new TurnEngine<ServiceLineState, ServiceLineMessage>(hub.Source, new ServiceLineGrain(), new ServiceLineTable(), new WorkSignal());
        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await lines.Ask(hub.Msp, line, new ServiceLineMessage.BoundaryReached(), "test", default));
    }

    private async Task<string> Ledger(long line) => string.Join(", ", (await hub.Viewer.Get($"/v1/lines/{line}/ledger")).Json["items"]!.AsArray()
        .Select(entry => $"{entry!["kind"]} {Month((string)entry["period_from"]!)} {entry["amount"]}"));

    private async Task<string> Shown(long line) => (await hub.Viewer.Get($"/v1/lines/{line}")).Json is var shown ? $"{shown["timing"]} {shown["charged_until"]}" : "";

    private async Task<string> Ready(long line, DateOnly through) => string.Join(", ", (await hub.Viewer.Get($"/v1/review?contract={await Contract(line)}&through={Day(through)}")).Json["items"]!.AsArray()
        .Select(item => Month((string)item!["period_from"]!)));

    private async Task<string?> Invoiced(long line, DateOnly through) =>
        (string?)(await hub.Operator.Post("/v1/invoices", new { contract = await Contract(line), through = Day(through) })).Json["invoices"]!.AsArray().Single()!["total"];

    private Task<long> Contract(long line) => hub.Sql("select contract_id from service_line where id = $1", line);

    private string Month(string day)
    {
        var date = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return FormattableString.Invariant($"M{((date.Year - First.Year) * 12) + date.Month - First.Month:+0;-0;+0}");
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
