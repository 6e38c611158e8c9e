using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Api;

public sealed class LineTermsTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private const string NoSettings = """{"mode":null,"change_day":null,"day_count":null,"line_style":null,"rounding":null,"unit_price_rounding":null,"increases":null,"decreases":null,"closed_periods_back_max":null}""";
    private const string Defaults = """{"mode":"prorate_daily","change_day":"new","day_count":"actual_period","line_style":"single_delta","rounding":"cumulative","unit_price_rounding":"none","increases":"immediate","decreases":"immediate","closed_periods_back_max":null}""";

    private DateOnly First => hub.Night.AddDays(1 - hub.Night.Day);

    [Fact]
    public async Task A_price_and_terms_of_a_charged_month_post_the_difference_and_say_from_when_they_hold()
    {
        var line = await ChargedLine();

        var priced = await hub.Operator.Put($"/v1/lines/{line}/price", new { unit_price = "5", from = Day(First) });
        Assert.Equal(
            $$"""200 {"line_id":{{line}},"currency":"USD","prices":[{"from":null,"unit_price":"4.20"},{"from":"{{Day(First)}}","unit_price":"5.00"}]"""
            + $$""","terms":[{"from":null,"minimum_units":null,"maximum_units":null,"included_units":null,"commitment":null,"timing":"advance","unit_rounding":"up","tiers":null,"settings":{{NoSettings}}}],"settings":{{Defaults}}}""",
            priced.Stable);
        Assert.Equal("409 nothing_changed", (await hub.Operator.Put($"/v1/lines/{line}/price", new { unit_price = "5.00", from = Day(First) })).Problem);
        await hub.Operator.Put($"/v1/lines/{line}/terms", new { included_units = "4" });
        var tiers = new { kind = "graduated", steps = new object[] { new { up_to = "5", unit_price = "2" }, new { up_to = (string?)null, unit_price = "1", flat_fee = "7.50" } } };
        var listed = await hub.Operator.Put($"/v1/lines/{line}/terms", new { tiers, minimum_units = "1", from = Day(hub.Night), settings = new { increases = "high_water" } });

        Assert.Equal("409 price_tiered", (await hub.Operator.Put($"/v1/lines/{line}/price", new { unit_price = "6", from = Day(hub.Night) })).Problem);
        Assert.Equal("""{"kind":"graduated","steps":[{"up_to":"5","unit_price":"2","flat_fee":"0"},{"up_to":null,"unit_price":"1","flat_fee":"7.5"}]}""", listed.Json["terms"]![2]!["tiers"]!.ToJsonString());
        Assert.Equal("high_water", (string?)listed.Json["settings"]!["increases"]);
        Assert.Equal(
            $"""
            adjustment 10 4.20 42.00 - -
            adjustment -10 4.20 -42.00 - -
            adjustment 10 5.00 50.00 {Day(First)} -
            adjustment -4 5.00 -20.00 {Day(First)} -
            adjustment -6 5.00 -30.00 {Day(First)} -
            adjustment 5 1.00 5.00 {Day(First)} -
            adjustment 5 2.00 10.00 {Day(First)} -
            adjustment 1 7.50 7.50 {Day(First)} flat_fee
            """,
            await Ledger(line));
        Assert.Equal(["line.price", "line.terms", "line.terms"], (await Audited(line)).Where(action => action is "line.price" or "line.terms"));
        var now = (await hub.Viewer.Get($"/v1/lines/{line}")).Json;
        Assert.Equal("5.00 1", $"{now["price"]} {now["minimum_units"]}");
    }

    [Fact]
    public async Task What_usage_lacks_of_a_commitment_is_in_the_ledger_and_on_the_review()
    {
        var line = await ChargedLine();

        var committed = await hub.Operator.Put($"/v1/lines/{line}/terms", new { commitment = "100.5" });
        await hub.Operator.Put($"/v1/lines/{line}/units", new { units = "15", effective_on = Day(First) });

        Assert.Equal("100.50", (string?)committed.Json["terms"]![1]!["commitment"]);
        Assert.Equal(
            $"""
            adjustment 10 4.20 42.00 - -
            adjustment 1 100.50 58.50 {Day(First)} commitment
            adjustment 5 4.20 21.00 - -
            adjustment -1 100.50 -21.00 {Day(First)} commitment
            """,
            await Ledger(line));
        var texts = (await hub.Viewer.Get($"/v1/lines/{line}/prorations")).Json["items"]!.AsArray().Select(item => (string)item!["text"]!);
        Assert.Equal(2, texts.Count(text => text.Contains(", shortfall of the commitment of 100.5 USD, ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_price_ahead_waits_for_its_date()
    {
        var line = await ChargedLine();
        var ahead = First.AddMonths(2);

        Assert.Equal(200, (await hub.Operator.Put($"/v1/lines/{line}/price", new { unit_price = "6.5", from = Day(ahead) })).Status);

        Assert.Equal("adjustment 10 4.20 42.00 - -", await Ledger(line));
        Assert.Equal("4.20", (string?)(await hub.Viewer.Get($"/v1/lines/{line}")).Json["price"]);
        Assert.Equal(Day(ahead), (string?)(await hub.Viewer.Get($"/v1/lines/{line}/terms")).Json["prices"]![1]!["from"]);
    }

    [Fact]
    public async Task Bad_prices_and_terms_are_refused_and_change_nothing()
    {
        var line = await ChargedLine();
        var (price, terms) = ($"/v1/lines/{line}/price", $"/v1/lines/{line}/terms");
        var before = await hub.Sql("select ver from service_line where id = $1", line);
        (string Path, object Body, string Problem)[] bad =
        [
            (price, new { unit_price = "-1", from = Day(First) }, "400 validation_failed unit_price"),
            (price, new { unit_price = "1000000001", from = Day(First) }, "400 validation_failed unit_price"),
            (price, new { unit_price = "1", from = "2026-02-31" }, "400 validation_failed from"),
            (price, new { unit_price = "1" }, "400 validation_failed from"),
            (price, new { unit_price = "1", from = Day(hub.Night.AddDays(-200)) }, "422 date_too_old"),
            (price, new { unit_price = "1", from = Day(hub.Night.AddYears(2)) }, "409 line_ended"),
            (terms, new { included_units = "1000000001" }, "400 validation_failed included_units"),
            (terms, new { commitment = "-1" }, "400 validation_failed commitment"),
            (terms, new { timing = "later" }, "400 validation_failed timing"),
            (terms, new { unit_rounding = "sideways" }, "400 validation_failed unit_rounding"),
            (terms, new { timing = "arrears" }, "409 terms_fixed"),
            (terms, new { timing = "advance", unit_rounding = "up" }, "409 nothing_changed"),
            (terms, new { commitment = "much" }, "400 validation_failed commitment"),
            (terms, new { minimum_units = "5", maximum_units = "4" }, "422 limits_inverted"),
            (terms, new { from = Day(hub.Night.AddDays(-200)), included_units = "4" }, "422 date_too_old"),
            (terms, new { settings = new { mode = "monthly" } }, "400 validation_failed settings.mode"),
            (terms, new { settings = new { closed_periods_back_max = -1 } }, "400 validation_failed settings.closed_periods_back_max"),
            (terms, new { settings = new { day_count = "fixed30" } }, "409 terms_fixed"),
            (terms, new { settings = new { rounding = "independent_per_line" } }, "409 terms_fixed"),
            (terms, new { }, "409 nothing_changed"),
            (terms, Tiers("10", "9", null), "422 tiers_invalid"),
            (terms, Tiers("10", "20"), "422 tiers_invalid"),
            (terms, Tiers("10", "-3", null), "400 validation_failed tiers.steps[1].up_to"),
            ("/v1/lines/999999/price", new { unit_price = "1", from = Day(First) }, "404 not_found"),
        ];

        foreach (var (path, body, problem) in bad) Assert.Equal(problem, (await hub.Operator.Put(path, body)).Problem);

        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Put(price, new { unit_price = "1", from = Day(First) })).Problem);
        Assert.Equal(before, await hub.Sql("select ver from service_line where id = $1", line));
        Assert.Equal(0, await hub.Sql("select (select count(*) from line_price where line_id = $1) + (select count(*) from line_terms where line_id = $1)", line));
    }

    [Fact]
    public async Task The_msps_settings_hold_for_periods_that_have_not_begun()
    {
        var line = await ChargedLine();

        Assert.Equal("400 validation_failed settings.day_count", (await hub.Superuser.Put("/v1/msp/proration", new { settings = new { day_count = "30" } })).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Operator.Put("/v1/msp/proration", new { settings = new { day_count = "fixed30" } })).Problem);
        var changed = await hub.Superuser.Put("/v1/msp/proration", new { settings = new { day_count = "fixed30" } });

        var fixed30 = Defaults.Replace("actual_period", "fixed30", StringComparison.Ordinal);
        Assert.Equal($$"""200 {"items":[{"from":null,"settings":{{Defaults}}},{"from":"{{Day(hub.Night.AddDays(2))}}","settings":{{fixed30}}}]}""", changed.Stable);
        Assert.Equal(changed.Stable, (await hub.Viewer.Get("/v1/msp/proration")).Stable);
        Assert.Equal(changed.Stable, (await hub.Superuser.Put("/v1/msp/proration", new { settings = new { day_count = "fixed30" } })).Stable);
        Assert.Equal(1, await hub.Sql("select count(*) from audit where action = 'msp.proration'"));
        Assert.Equal("actual_period", (string?)(await hub.Viewer.Get($"/v1/lines/{line}/terms")).Json["settings"]!["day_count"]);
    }

    /// <summary>Ten units at 4.20, charged for this month.</summary>
    private async Task<long> ChargedLine()
    {
        var line = (await hub.FedLine()).Line;
        await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "manual" });
        await hub.Sql("update service_line set charged_until = $2 where id = $1", line, First.AddMonths(1));
        await hub.Operator.Put($"/v1/lines/{line}/units", new { units = "10", effective_on = Day(First) });
        return line;
    }

    private static object Tiers(params string?[] upTo) => new { tiers = new { kind = "volume", steps = upTo.Select(last => new { up_to = last, unit_price = "2" }) } };

    private async Task<string> Ledger(long line) => string.Join('\n', (await hub.Viewer.Get($"/v1/lines/{line}/ledger")).Json["items"]!.AsArray().Select(Text));

    private static string Text(JsonNode? entry) =>
        $"{entry!["kind"]} {entry["units_delta"]} {entry["unit_price"]} {entry["amount"]} {(string?)entry["price_from"] ?? "-"} {(string?)entry["charged_for"] ?? "-"}";

    private async Task<IEnumerable<string?>> Audited(long line) =>
        (await hub.Superuser.Get("/v1/audit?limit=200")).Json["items"]!.AsArray().Where(row => (long?)row!["grain_id"] == line).Select(row => (string?)row!["action"]).Order();

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
