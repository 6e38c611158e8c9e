using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Lines;

/// <summary>A line is ended on a day and another goes on in its place: the PSA has one line all the while, and is told nothing of the change itself.</summary>
public sealed class SuccessionTests
{
    private const string Intents = """
        select s.name, n.effective_on, n.sent_on, n.desired_units, n.state, n.code, n.delta
        from intent n join service_line s on s.id = n.line_id
        where s.remote_id = '8001'
        order by n.id
        """;

    private const string Ledger = """
        select s.name, e.kind, e.units_delta, e.from_on, e.until_on
        from ledger_entry e join service_line s on s.id = e.line_id
        where s.remote_id = '8001'
        order by s.id, e.line_ver, e.entry_no
        """;

    private static readonly DateOnly Night = DemoSeed.FirstNight;

    [Fact]
    public async Task A_manual_line_goes_on_in_the_place_of_a_counted_one_from_tomorrow()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var desk = await Desk.Open(demo);

        var ended = await desk.End(await desk.Line("8001"), Night.AddDays(1), new { basis = new { kind = "manual" }, units = "30", name = "By hand" });
        Assert.True(ended.Status == 200, ended.Text);
        Assert.Equal((long)ended.Json["line"]!["id"]!, (long)ended.Json["next"]!["follows"]!);
        Assert.Equal((long)ended.Json["next"]!["id"]!, (long)ended.Json["line"]!["followed_by"]!);
        await demo.ReadNight("two more from tomorrow");

        Assert.Equal("8001 N 3 25->28\n8001 N+1 2 28->30", await Journal(demo));
        Assert.EndsWith("By hand | N+1 | N+1 | 30 | confirmed | applied | 2", await demo.Table(Intents), StringComparison.Ordinal);
        Assert.Equal("", await demo.Breaches());

        await demo.SecondNight();
        await demo.ReadNight("the second night");
        Assert.Equal("", await demo.Breaches());
        Assert.Equal("8001 N 3 25->28\n8001 N+1 2 28->30", await Journal(demo));
    }

    [Fact]
    public async Task A_line_that_goes_on_from_a_day_that_has_passed_is_charged_from_it_and_the_first_is_given_back()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var desk = await Desk.Open(demo);

        Assert.Equal(200, (await desk.End(await desk.Line("8001"), Night, new { basis = new { kind = "manual" }, units = "20", name = "By hand" })).Status);
        await demo.ReadNight("eight fewer since last night");

        Assert.Equal("8001 N 3 25->28\n8001 N+1 -8 28->20", await Journal(demo));
        Assert.Equal("By hand | N | N+1 | 20 | confirmed | applied | -8", (await demo.Table(Intents)).Split('\n')[1]);
        Assert.EndsWith("adjustment | -28 | N | Q\nBy hand | charge | 20 | N | Q", await demo.Table(Ledger), StringComparison.Ordinal);
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_line_that_counts_another_metric_is_believed_and_what_comes_late_for_the_one_before_moves_it_back()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var desk = await Desk.Open(demo);
        var archived = new { basis = new { kind = "metrics", metrics = new[] { new { product = "spanning-m365", metric = "archived_licences" } } }, name = "Archived" };
        var first = await desk.Line("8001");
        var manual = (long)(await desk.End(first, Night.AddDays(-3), new { basis = new { kind = "manual" }, units = "26", name = "By hand" })).Json["next"]!["id"]!;
        var ended = await desk.End(manual, Night, archived);
        Assert.True(ended.Status == 200, ended.Text);
        await demo.ReadNight("both changes");

        Assert.Equal("Archived | 4", await demo.Table("select s.name, c.units from service_line s cross join lateral (select units from count_record c where c.line_id = s.id order by effective_on desc, seq desc limit 1) c where s.name = 'Archived'"));
        Assert.Contains("8001 4", (await demo.Psa.UnitsOn(Night.AddDays(20))).Split('\n'));
        Assert.Equal("", await demo.Breaches());

        Assert.Equal(200, (await desk.Door.Put($"/v1/lines/{manual}/units", new { units = "27", effective_on = DemoMsp.Iso(Night.AddDays(-2)) })).Status);
        await demo.ReadNight("a late change of the second line");

        Assert.Contains("8001 4", (await demo.Psa.UnitsOn(Night.AddDays(20))).Split('\n'));
        Assert.Equal("0", await demo.Table("select count(*) from intent where state <> 'confirmed'"));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_line_that_nobody_follows_leaves_the_psa_no_units()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var desk = await Desk.Open(demo);

        Assert.Equal(200, (await desk.End(await desk.Line("8001"), Night.AddDays(1), null)).Status);
        await demo.ReadNight("none from tomorrow");

        Assert.Equal("8001 N 3 25->28\n8001 N+1 -28 28->0", await Journal(demo));
        Assert.Equal("", await demo.Breaches());
        await demo.SecondNight();
        await demo.ReadNight("the second night");
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task What_cannot_be_ended_is_said()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var desk = await Desk.Open(demo);
        var line = await desk.Line("8001");

        Assert.Equal("422 date_too_old", (await desk.End(line, Night.AddDays(-200), null)).Problem);
        Assert.Equal("409 line_ended", (await desk.End(line, new(2035, 1, 1), null)).Problem);
        Assert.Equal("400 validation_failed start.units", (await desk.End(line, Night, new { basis = new { kind = "metrics", metrics = Array.Empty<object>() }, units = "3" })).Problem);
        Assert.Equal("422 basis_invalid", (await desk.End(line, Night, new { basis = new { kind = "metrics", metrics = Array.Empty<object>() } })).Problem);
        Assert.Equal("404 not_found", (await desk.End(999, Night, null)).Problem);
        var manual = (long)(await desk.End(line, Night, new { basis = new { kind = "manual" } })).Json["next"]!["id"]!;
        Assert.Equal(200, (await desk.Door.Put($"/v1/lines/{manual}/units", new { units = "50", effective_on = DemoMsp.Iso(Night.AddDays(9)) })).Status);
        Assert.Equal("409 units_ahead", (await desk.End(manual, Night.AddDays(5), new { basis = new { kind = "manual" } })).Problem);
        Assert.Equal("409 line_ended", (await desk.End(line, Night.AddDays(-5), null)).Problem);
    }

    private static async Task<string> Journal(DemoMsp demo) => string.Join("\n", (await demo.Psa.Journal()).Split('\n').Where(change => change.StartsWith("8001", StringComparison.Ordinal)));

    /// <summary>An operator's way into the demo's hub.</summary>
    private sealed class Desk(ApiServer api, Door door, DemoMsp demo) : IAsyncDisposable
    {
        public Door Door => door;

        public static async Task<Desk> Open(DemoMsp demo)
        {
            var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString }, default);
            return new(api, new Door(api.BaseUrl, await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "clerk", ApiScope.Operator, default)), demo);
        }

        public Task<long> Line(string remoteId) => demo.Hub.Scalar<long>($"select id from service_line where remote_id = '{remoteId}'");

        public Task<Answer> End(long line, DateOnly on, object? start) => door.Post($"/v1/lines/{line}/end", new { on = DemoMsp.Iso(on), start });

        public async ValueTask DisposeAsync()
        {
            door.Dispose();
            await api.DisposeAsync();
        }
    }
}
