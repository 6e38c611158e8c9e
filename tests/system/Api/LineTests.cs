using System.Globalization;

namespace UsageBilling.Tests.System.Api;

public sealed class LineTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private static readonly object Standard = new { kind = "metrics", metrics = new[] { new { product = "spanning-m365", metric = "standard_licences" } } };

    [Fact]
    public async Task A_line_tells_price_basis_units_and_how_far_it_is_verified()
    {
        var fed = await hub.FedLine();
        await hub.Operator.Put($"/v1/lines/{fed.Line}/basis", Standard);
        await hub.Sql(
            "insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver) values ($1, $2, 1, $4, 10, $2, 'opening', 1), ($1, $3, 1, $4, 99, $3, 'person', 1)",
            fed.Line, hub.Night.AddDays(-40), hub.Night.AddDays(1), hub.Msp.Value);
        await Reading(fed.Tenant, hub.Night.AddDays(-2), 1);
        await Reading(fed.Tenant, hub.Night.AddDays(-1), 2);

        var line = await hub.Viewer.Get($"/v1/lines/{fed.Line}");

        var (account, contract) = (line.Json["account"]!.ToJsonString(), line.Json["contract"]!.ToJsonString());
        Assert.Equal(
            $$"""200 {"id":{{fed.Line}},"name":"Spanning Backup","account":{{account}},"contract":{{contract}},"contract_from":"{{Day(hub.Night.AddYears(-1))}}","contract_until":"{{Day(hub.Night.AddYears(1))}}","price":"4.20","cost":"2.125","currency":"USD","period":"monthly","timing":"advance","minimum_units":null,"maximum_units":null"""
            + ""","basis":{"kind":"metrics","metrics":[{"product":"spanning-m365","metric":"standard_licences"}]}"""
            + $$""","units":"10","units_from":"{{On(-40)}}","verified_through":"{{On(-2)}}","charged_until":"{{On(1 - hub.Night.Day)}}","refresh_asked_at":null,"held":null,"posted":null,"from":"{{Day(hub.Night.AddYears(-1))}}","until":"{{Day(hub.Night.AddYears(1))}}","follows":null,"followed_by":null}""",
            line.Stable);
    }

    [Fact]
    public async Task The_basis_is_chosen_once_and_of_the_catalogue()
    {
        var line = (await hub.FedLine()).Line;

        Assert.Equal("400 validation_failed kind", (await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "none" })).Problem);
        Assert.Equal("422 basis_invalid", (await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "metrics" })).Problem);
        Assert.Equal("422 basis_invalid", (await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "metrics", metrics = new[] { new { product = "x", metric = "y" } } })).Problem);
        Assert.Equal("metrics", (string?)(await hub.Operator.Put($"/v1/lines/{line}/basis", Standard)).Json["basis"]!["kind"]);
        Assert.Equal("409 basis_locked", (await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "manual" })).Problem);
        Assert.Equal("409 basis_not_manual", (await hub.Operator.Put($"/v1/lines/{line}/units", new { units = "3", effective_on = On(0) })).Problem);
    }

    [Fact]
    public async Task Units_a_person_gives_become_a_count_record_money_and_an_intent()
    {
        var line = (await hub.FedLine()).Line;
        var first = hub.Night.AddDays(1 - hub.Night.Day);
        await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "manual" });
        await hub.Sql("update service_line set charged_until = $2 where id = $1", line, first.AddMonths(1));

        var given = await hub.Operator.Put($"/v1/lines/{line}/units", new { units = "11", effective_on = Day(first) });

        Assert.Equal("11", (string?)given.Json["units"]);
        Assert.Equal(
            $$"""200 {"items":[{"effective_on":"{{Day(first)}}","sequence":1,"units":"11","night":"{{On(0)}}","source":"person","recorded_at":"*","turn":2}],"next_cursor":null}""",
            (await hub.Viewer.Get($"/v1/lines/{line}/counts")).Stable);
        var (from, until) = (Day(first), Day(first.AddMonths(1)));
        var ledger = await hub.Viewer.Get($"/v1/lines/{line}/ledger");
        Assert.Equal(
            $$"""200 {"items":[{"turn":2,"entry":1,"kind":"adjustment","period_from":"{{from}}","period_until":"{{until}}","from":"{{from}}","until":"{{until}}","units_delta":"11","unit_price":"4.20","amount":"46.20","currency":"USD","night":"{{On(0)}}","count_effective_on":"{{from}}","count_sequence":1,"price_from":null,"charged_for":null,"terms_from":null,"terms_sequence":null,"recorded_at":"*"}],"next_cursor":null}""",
            ledger.Stable);
        var posted = given.Json["posted"]!;
        Assert.Equal($"11 {from} {from} pending", $"{posted["desired_units"]} {posted["effective_on"]} {posted["sent_on"]} {posted["state"]}");
        Assert.Equal([line], (await hub.Viewer.Get($"/v1/intents?line={line}&state=pending")).Json["items"]!.AsArray().Select(item => (long)item!["line"]!["id"]!));
        Assert.Equal("409 nothing_changed", (await hub.Operator.Put($"/v1/lines/{line}/units", new { units = "11", effective_on = Day(first) })).Problem);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("0.1234567")]
    [InlineData("1000000001")]
    [InlineData("many")]
    [InlineData("")]
    public async Task Units_are_a_decimal_string_in_range(string units) =>
        Assert.Equal("400 validation_failed units", (await hub.Operator.Put("/v1/lines/1/units", new { units, effective_on = On(0) })).Problem);

    [Fact]
    public async Task Units_as_a_number_are_refused() =>
        Assert.Equal("400 validation_failed units", (await hub.Operator.Put("/v1/lines/1/units", new { units = 3, effective_on = On(0) })).Problem);

    [Fact]
    public async Task A_refresh_that_no_silo_answers_is_accepted_with_its_run()
    {
        var fed = await hub.FedLine();
        await hub.Operator.Put($"/v1/lines/{fed.Line}/basis", Standard);

        var asked = await hub.Operator.Post($"/v1/lines/{fed.Line}/refresh");
        var again = await hub.Operator.Post($"/v1/lines/{fed.Line}/refresh");

        Assert.Equal(202, asked.Status);
        Assert.Equal($"refresh {fed.Line} running {fed.Line}", $"{asked.Json["run"]!["kind"]} {asked.Json["run"]!["line_id"]} {asked.Json["run"]!["state"]} {asked.Json["line"]!["id"]}");
        Assert.Equal($"/v1/runs/{asked.Json["run"]!["id"]}", asked.Location);
        Assert.Equal(asked.Location, again.Location);
        Assert.Equal(1, await hub.Sql("select count(*) from reminder where grain_kind = 1 and grain_id = $1 and name = 'refresh'", fed.Tenant));
    }

    [Fact]
    public async Task A_refused_refresh_leaves_no_run()
    {
        var fed = await hub.FedLine();
        Assert.Equal("409 basis_none", (await hub.Operator.Post($"/v1/lines/{fed.Line}/refresh")).Problem);
        await hub.Operator.Put($"/v1/lines/{fed.Line}/basis", new { kind = "metrics", metrics = new[] { new { product = "spanning-gws", metric = "standard_licences" } } });
        Assert.Equal("409 inputs_none", (await hub.Operator.Post($"/v1/lines/{fed.Line}/refresh")).Problem);

        Assert.Equal(0, await hub.Sql("select count(*) from run where grain_kind = 3 and grain_id = $1", fed.Line));
    }

    [Fact]
    public async Task A_hold_is_told_in_a_sentence_and_released_once()
    {
        var fed = await hub.FedLine();
        await hub.Operator.Put($"/v1/lines/{fed.Line}/basis", Standard);
        await hub.Sql("insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver) values ($1, $2, 1, $3, 10, $2, 'opening', 1)", fed.Line, hub.Night.AddDays(-40), hub.Msp.Value);
        var hold = await hub.Sql(
            "insert into hold (msp_id, line_id, reason, night, previous_units, proposed_units, agreeing, read_at, opened_at) values ($1, $2, 'dropped_to_zero', $3, 10, 0, 1, now(), now()) returning id",
            hub.Msp.Value, fed.Line, hub.Night);
        Assert.Contains(fed.Line, (await hub.Viewer.Get("/v1/lines?held=true")).Json["items"]!.AsArray().Select(line => (long)line!["id"]!));

        var open = await hub.Viewer.Get($"/v1/holds/{hold}");
        var account = open.Json["account"]!.ToJsonString();
        var told = $$"""{"id":{{hold}},"line":{"id":{{fed.Line}},"name":"Spanning Backup"},"account":{{account}},"reason":"dropped_to_zero","sentence":"From {{On(0)}} the count would drop from 10 units to zero. The line keeps 10 units until two further reads agree or somebody releases it.","night":"{{On(0)}}","previous_units":"10","proposed_units":"0","agreeing_reads":1,"read_at":"*","opened_at":"*",""";
        Assert.Equal($$"""200 {{told}}"state":"open","resolved_at":null,"resolution":null,"resolved_by":null}""", open.Stable);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/holds/{hold}/release")).Problem);

        var released = await hub.Operator.Post($"/v1/holds/{hold}/release", new { units = "8" });

        Assert.Equal($$"""200 {{told}}"state":"resolved","resolved_at":"*","resolution":"released","resolved_by":"{{released.Json["resolved_by"]}}"}""", released.Stable);
        Assert.Equal("8", (string?)(await hub.Viewer.Get($"/v1/lines/{fed.Line}")).Json["units"]);
        Assert.Equal("409 hold_none", (await hub.Operator.Post($"/v1/holds/{hold}/release")).Problem);
        Assert.DoesNotContain(hold, (await hub.Viewer.Get("/v1/holds")).Json["items"]!.AsArray().Select(item => (long)item!["id"]!));
        Assert.Contains(hold, (await hub.Viewer.Get("/v1/holds?state=resolved")).Json["items"]!.AsArray().Select(item => (long)item!["id"]!));
    }

    [Fact]
    public async Task Releasing_a_resolved_hold_does_not_touch_the_one_that_is_open_now()
    {
        var fed = await hub.FedLine();
        const string Insert = "insert into hold (msp_id, line_id, reason, night, previous_units, proposed_units, agreeing, read_at, opened_at, resolved_at) values ($1, $2, 'moved_too_far', $3, 10, 30, 0, now(), now(), ";
        var old = await hub.Sql(Insert + "now()) returning id", hub.Msp.Value, fed.Line, hub.Night);
        var open = await hub.Sql(Insert + "null) returning id", hub.Msp.Value, fed.Line, hub.Night);

        Assert.Equal("409 hold_none", (await hub.Operator.Post($"/v1/holds/{old}/release", new { units = "5" })).Problem);

        Assert.Equal("open", (string?)(await hub.Viewer.Get($"/v1/holds/{open}")).Json["state"]);
        Assert.Empty((await hub.Viewer.Get($"/v1/lines/{fed.Line}/counts")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task A_rejected_intent_is_released_and_a_confirmed_one_is_not()
    {
        var line = (await hub.FedLine()).Line;
        const string Insert = "insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, state, night, code)"
            + " select $1, k.integration_id, l.id, k.remote_id, l.remote_id, $3, $3, 12, $4, $3, 'date_taken' from service_line l join contract k on k.id = l.contract_id where l.id = $2 returning id";
        var rejected = await hub.Sql(Insert, hub.Msp.Value, line, hub.Night, "rejected");
        var confirmed = await hub.Sql(Insert, hub.Msp.Value, line, hub.Night.AddDays(1), "confirmed");

        var released = await hub.Operator.Post($"/v1/intents/{rejected}/release");

        Assert.Equal("pending released", $"{released.Json["state"]} {released.Json["code"]}");
        Assert.Equal("409 intent_not_releasable", (await hub.Operator.Post($"/v1/intents/{confirmed}/release")).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/intents/{confirmed}/release")).Problem);
        Assert.Equal("400 validation_failed state", (await hub.Viewer.Get("/v1/intents?state=lost")).Problem);
    }

    private Task<long> Reading(long tenant, DateOnly night, int evidence) => hub.Sql(
        "insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, observed_at) values ($1, 'standard_licences', $2, 1, $3, 10, $4, now())",
        tenant, night, hub.Msp.Value, (short)evidence);

    private string On(int days) => Day(hub.Night.AddDays(days));

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
