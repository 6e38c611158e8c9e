using System.Globalization;
using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api;

/// <summary>What failed too often is seen to its last grain, and released grain by grain or all at once.</summary>
public sealed class ParkedTests : IAsyncLifetime
{
    /// <summary>Grains parked by one commit; more than ten of the largest pages.</summary>
    private const int Many = 2_050;

    private readonly HubFixture hub = new();

    public Task InitializeAsync() => hub.InitializeAsync();

    public Task DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Parked_work_is_listed_and_released_by_a_superuser()
    {
        var tenant = await hub.Tenant(await hub.Integration("uniview"));
        await hub.Sql(
            "insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, attempt, parked_reason, parked_at) values (1, $1, 'read', $2, 0, now(), 5, 'It broke.', now())",
            tenant, hub.Msp.Value);

        Assert.Equal(
            $$"""200 {"items":[{"grain":"product_tenant","grain_id":{{tenant}},"what":"read","reason":"It broke.","parked_at":"*","attempts":5,"pieces":1}],"next_cursor":null}""",
            (await hub.Viewer.Get("/v1/parked")).Stable);
        Assert.Equal("""200 {"released":0}""", (await hub.Stranger.Post("/v1/parked/release")).Stable);
        Assert.Equal("""200 {"released":1}""", (await hub.Superuser.Post("/v1/parked/release")).Stable);
        Assert.Equal("""200 {"items":[],"next_cursor":null}""", (await hub.Viewer.Get("/v1/parked")).Stable);
        Assert.Equal("parked.release hub 0 1 parked", await LastAudit());
    }

    [Fact]
    public async Task Thousands_of_parked_grains_are_all_seen_once_each_with_its_reason()
    {
        await Park($"generate_series(1, {Many}) as g(id)", "now()", "'Line ' || g.id || ' broke.'");

        var pages = await Pages(200, null);

        Assert.Equal(11, pages.Count);
        Assert.Equal(Enumerable.Range(1, Many).Select(line => $"service_line {line} Line {line} broke. 1"), pages.SelectMany(page => page));
    }

    [Fact]
    public async Task Pages_of_what_is_parked_hold_every_grain_once_while_others_are_parked_and_released()
    {
        await Park("generate_series(11, 15) as g(id)", "now() - interval '1 hour'", "'early'");
        await Park("generate_series(1, 2) as g(id)", "now() - interval '1 minute'", "'late'");
        await Park("(values (12), (13)) as g(id)", "now() - interval '2 seconds'", "'once more'");

        var pages = await Pages(3, async () =>
        {
            await Park("(values (3)) as g(id)", "now()", "'meanwhile'");
            Assert.Equal("""200 {"released":1}""", (await Release(11)).Stable);
        });

        Assert.Equal(
            """
            service_line 11 early 1
            service_line 12 early 2
            service_line 13 early 2
            service_line 14 early 1
            service_line 15 early 1
            service_line 1 late 1
            service_line 2 late 1
            service_line 3 meanwhile 1
            """,
            string.Join("\n", pages.SelectMany(page => page)));
    }

    [Fact]
    public async Task One_grain_is_released_with_all_of_its_work_and_no_other()
    {
        await Park("generate_series(1, 3) as g(id)", "now()", "'It broke.'");
        await Park("(values (2)) as g(id)", "now()", "'It broke again.'");
        await hub.Sql(
            "insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, attempt, parked_reason, parked_at) values (3, 2, 'boundary', $1, 0, now(), 5, 'It broke.', now()),"
            + " (4, 2, 'read', $1, 0, now(), 5, 'Another grain of that number.', now())",
            hub.Msp.Value);

        Assert.Equal("""200 {"released":3}""", (await Release(2)).Stable);

        Assert.Equal("parked.release service_line 2 3 parked", await LastAudit());
        Assert.Equal(["integration 2 Another grain of that number. 1", "service_line 1 It broke. 1", "service_line 3 It broke. 1"], (await Pages(200, null)).Single().Order());
        Assert.Equal(3, await hub.Sql("select count(*) from (select attempt, due_at from message where grain_id = 2 union all select attempt, due_at from reminder where grain_kind = 3) w where attempt = 0 and due_at <= now()"));
        Assert.Equal("404 not_found", (await Release(2)).Problem);
    }

    [Fact]
    public async Task A_grain_of_another_msp_and_one_that_is_not_named_well_are_refused()
    {
        await Park("generate_series(1, 1) as g(id)", "now()", "'It broke.'");

        Assert.Equal("404 not_found", (await hub.Stranger.Post("/v1/parked/release", new { grain = "service_line", grain_id = 1 })).Problem);
        Assert.Equal("400 validation_failed grain", (await hub.Superuser.Post("/v1/parked/release", new { grain = "lines", grain_id = 1 })).Problem);
        Assert.Equal("400 validation_failed grain_id", (await hub.Superuser.Post("/v1/parked/release", new { grain = "service_line" })).Problem);
        Assert.Equal("400 validation_failed grain", (await hub.Superuser.Post("/v1/parked/release", new { grain_id = 1 })).Problem);
        Assert.Equal("400 field_unknown id", (await hub.Superuser.Post("/v1/parked/release", new { id = 1 })).Problem);
        Assert.Single((await Pages(200, null)).Single());
    }

    [Fact]
    public async Task A_page_of_what_is_parked_is_refused_by_a_cursor_or_limit_of_no_list()
    {
        foreach (var wrong in (string[])["cursor=x", "cursor=MTIz", "cursor=MS4y", "cursor=MS4yLng"])
            Assert.Equal("400 validation_failed cursor", (await hub.Viewer.Get($"/v1/parked?{wrong}")).Problem);
        Assert.Equal("400 validation_failed limit", (await hub.Viewer.Get("/v1/parked?limit=201")).Problem);
    }

    [Fact]
    public async Task The_document_says_how_parked_grains_are_paged_and_released()
    {
        var document = (await hub.Nobody.Get("/openapi/v1.json")).Json;

        Assert.Equal(["limit", "cursor"], document["paths"]!["/v1/parked"]!["get"]!["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!));
        Assert.StartsWith("Every grain that is parked", (string)document["paths"]!["/v1/parked"]!["get"]!["summary"]!, StringComparison.Ordinal);
        Assert.StartsWith("Gives another five attempts", (string)document["paths"]!["/v1/parked/release"]!["post"]!["summary"]!, StringComparison.Ordinal);
        Assert.Equal(["grain", "grain_id"], document["components"]!["schemas"]!["ParkedRelease"]!["properties"]!.AsObject().Select(property => property.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tenant_that_is_released_is_read_at_once_and_not_at_the_next_night(bool alone)
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql("update reminder set due_at = now(), night = night - 1, attempt = 5, parked_reason = 'It broke.', parked_at = now() where grain_kind = 1 and grain_id = 1 and name = 'read'");
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString }, default);
        using var person = new Door(api.BaseUrl, await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "superuser", ApiScope.Superuser, default));
        await using var silo = await demo.StartSilo();

        Assert.Equal("""200 {"released":1}""", (await person.Post("/v1/parked/release", alone ? new { grain = "product_tenant", grain_id = 1 } : null)).Stable);

        await demo.Hub.Until("the read of the tenant", "select exists (select 1 from reading where tenant_id = 1 and read_no = 2)");
        await demo.UntilQuiet("what was read");
        Assert.Equal("N+1 | 0", await demo.Table("select night, attempt from reminder where grain_kind = 1 and grain_id = 1"));
        Assert.Equal("N+1", await demo.Table("select distinct night from reminder where grain_kind = 4 and name = 'read' and due_at > now()"));
    }

    private Task<Answer> Release(long line) => hub.Superuser.Post("/v1/parked/release", new { grain = "service_line", grain_id = line });

    /// <summary>Parks a message of each line; a further one of a line is of another night.</summary>
    private Task<long> Park(string lines, string at, string reason) => hub.Sql(
        $"insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, attempt, parked_reason, parked_at)"
        + $" select 3, g.id, $1, g.id % 64, 'inputs_changed', $2::date + (select count(*)::int from message m where m.grain_id = g.id), 1, 5, {reason}, {at} from {lines}",
        hub.Msp.Value, hub.Night);

    /// <summary>Every page from the first to the last; something happens after the first.</summary>
    private async Task<List<List<string>>> Pages(int limit, Func<Task>? afterFirst)
    {
        List<List<string>> pages = [];
        for (var cursor = ""; ;)
        {
            var page = (await hub.Viewer.Get($"/v1/parked?limit={limit}{cursor}")).Json;
            pages.Add([.. page["items"]!.AsArray().Select(item => string.Create(CultureInfo.InvariantCulture, $"{item!["grain"]} {item["grain_id"]} {item["reason"]} {item["pieces"]}"))]);
            if (pages.Count == 1 && afterFirst is not null) await afterFirst();
            if ((string?)page["next_cursor"] is not { } rest) return pages;
            cursor = $"&cursor={rest}";
        }
    }

    private async Task<string> LastAudit()
    {
        var entry = (await hub.Superuser.Get("/v1/audit?limit=1")).Json["items"]![0]!;
        return $"{entry["action"]} {entry["grain"]} {entry["grain_id"]} {entry["before"]}";
    }
}
