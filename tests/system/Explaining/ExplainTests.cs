using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Commands;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Explaining;

/// <summary>The demo after nights, charges, a release and a reversal: every amount is computed again from its explanation alone.</summary>
public sealed class ExplainTests : IAsyncLifetime
{
    private DemoMsp demo = null!;
    private ApiServer api = null!;
    private Door door = null!;
    private Door stranger = null!;

    public async Task InitializeAsync()
    {
        demo = await DemoMsp.AfterFirstNight();
        api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString }, default);
        door = new(api.BaseUrl, await Key(DemoMsp.Msp));
        stranger = new(api.BaseUrl, await Key(new MspId(await demo.Hub.Scalar<long>("insert into msp (name, zone) values ('Other', 'UTC') returning id"))));
    }

    public async Task DisposeAsync()
    {
        door.Dispose();
        stranger.Dispose();
        await api.DisposeAsync();
        await demo.DisposeAsync();
    }

    [Fact]
    public async Task Every_entry_of_the_ledger_comes_out_of_its_own_explanation_with_the_prorate_command()
    {
        foreach (var line in (string[])["8002", "8014"]) await Charge(await Line(line));
        await demo.Release(await Line("8014"));
        await PostAndReverse();
        await demo.Domain("d-301", """{"numberOfProtectedStandardUsers": 31}""");
        await demo.SecondNight();
        await demo.ReadNight("the second night");

        var explained = await ExplainAll();

        Assert.Equal("adjustment 7, again 8, charge 2, reversal 8", Kinds(explained));
        Assert.All(explained, entry => Assert.True((bool)entry["recomputed"]!["agrees"]!, entry.ToJsonString()));
        Assert.All(explained, entry => Assert.Equal((string?)entry["formula"]!["amount"], (string?)(entry["corrected"]!.AsArray() is [.., { } root] ? root : entry["entry"]!)["amount"]));
        var (exit, output, error) = await Prorate(explained.Select(entry => entry["case"]!));
        Assert.Equal((0, ""), (exit, error));
        var results = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(explained.Count, results.Count);
        Assert.All(results.Zip(explained), pair =>
        {
            Assert.True((bool)pair.First["matches"]! && (bool)pair.First["matches_lines"]! && (bool)pair.First["matches_total"]!, pair.First.ToJsonString());
            Assert.Equal((string?)pair.Second["case"]!["total"], (string?)pair.First["total"]);
        });
    }

    [Fact]
    public async Task An_explanation_names_the_count_and_what_was_read_mapped_and_doubted_before_it()
    {
        var (read, held) = (await Line("8001"), await Line("8014"));
        await demo.Release(held);

        var reading = (await Explain(read, (await Entries(read))[0]!)).Json;
        var released = (await Explain(held, (await Entries(held))[0]!)).Json;

        var evidence = reading["evidence"]!;
        Assert.Equal("reading 28 28 true true", $"{evidence["count"]!["source"]} {evidence["counted_units"]} {evidence["units"]} {evidence["agrees"]} {evidence["complete"]}");
        Assert.All(evidence["readings"]!.AsArray(), one => Assert.Equal("fresh 1 1", $"{one!["evidence"]} {one["organization"]!["version"]} {one["account"]!["version"]}"));
        Assert.Equal("opening 25 before, reading 28 by_turn", string.Join(", ", reading["counts"]!.AsArray().Select(count => $"{count!["source"]} {count["units"]} {count["known"]}")));
        Assert.Equal(
            $"25 25 25 | {DemoMsp.Iso(DemoSeed.FirstNight)} 25 28 28",
            string.Join(" | ", reading["days"]!.AsArray().Select((days, index) => $"{(index == 0 ? "" : $"{days!["from"]} ")}{days!["counted_before"]} {days["counted"]} {days["charges"]![0]!["units"]}")));
        Assert.Equal("0.00 87.50", $"{reading["posted_before"]!["amount"]} {reading["posted_before"]!["by_psa"]}");
        Assert.StartsWith("3 × 3.5 × ", (string)reading["formula"]!["text"]!);
        Assert.Equal("moved_too_far released 40 19", string.Join(' ', new[] { "reason", "resolution", "previous_units", "proposed_units" }.Select(name => released["hold"]![name])));
        var count = await door.Get($"/v1/lines/{held}/counts/{DemoMsp.Iso(DemoSeed.FirstNight)}/1");
        Assert.Equal(released["evidence"]!.ToJsonString(), count.Json["evidence"]!.ToJsonString());
        Assert.Equal(released["hold"]!.ToJsonString(), count.Json["hold"]!.ToJsonString());
        Assert.Equal("404 not_found", (await stranger.Get($"/v1/lines/{held}/counts/{DemoMsp.Iso(DemoSeed.FirstNight)}/1")).Problem);
        Assert.Equal("404 not_found", (await door.Get($"/v1/lines/{held}/counts/{DemoMsp.Iso(DemoSeed.FirstNight)}/9")).Problem);
        Assert.Equal("400 parameter_invalid on", (await door.Get($"/v1/lines/{held}/counts/2026-02-31/1")).Problem);
        Assert.Equal("released 19 true", $"{released["evidence"]!["count"]!["source"]} {released["evidence"]!["units"]} {released["evidence"]!["agrees"]}");
    }

    [Fact]
    public async Task A_commitment_is_explained_and_comes_out_again()
    {
        var line = await Line("8002");
        await demo.Hub.Sql($"update service_line set charged_until = '{DemoMsp.Iso(DemoSeed.Period.From)}' where id = {line}");
        Assert.Equal(200, (await door.Put($"/v1/lines/{line}/terms", new { commitment = "5000", from = DemoMsp.Iso(DemoSeed.Period.From) })).Status);
        await demo.Lines.Ask(DemoMsp.Msp, line, new ServiceLineMessage.BoundaryReached(), "test", default);

        var explained = (await Task.WhenAll((await Entries(line)).Select(entry => Explain(line, entry!)))).Select(answer => answer.Json).ToList();

        Assert.Equal(explained[^1].ToJsonString(), (await door.Get($"/v1/lines/{line}/explain")).Json.ToJsonString());
        Assert.Equal(explained[0].ToJsonString(), (await door.Get($"/v1/lines/{line}/explain?entry={explained[0]["entry"]!["turn"]}.{explained[0]["entry"]!["entry"]}")).Json.ToJsonString());
        Assert.Equal("404 not_found | 404 not_found | 400 parameter_invalid entry", string.Join(" | ", (await door.Get("/v1/lines/999/explain")).Problem, (await door.Get($"/v1/lines/{line}/explain?entry=77.1")).Problem, (await door.Get($"/v1/lines/{line}/explain?entry=x")).Problem));
        var committed = explained[^1];
        Assert.Equal("5000.00 5000.00 1 5000.00", $"{committed["terms"]!["commitment"]} {committed["once"]![0]!["unit_price"]} {committed["entry"]!["units"]} {explained.Sum(entry => decimal.Parse((string)entry["entry"]!["amount"]!, CultureInfo.InvariantCulture))}");
        Assert.Equal("commitment commitment", $"{committed["once"]![0]!["kind"]} {committed["entry"]!["charged_for"]}");
        Assert.All(explained, entry => Assert.True((bool)entry["recomputed"]!["agrees"]!, entry.ToJsonString()));
        Assert.Equal((0, ""), await Prorate(explained.Select(entry => entry["case"]!)) is var (exit, _, error) ? (exit, error) : default);
    }

    [Fact]
    public async Task An_amount_that_follows_from_other_prices_and_terms_says_which_and_comes_out_again()
    {
        var (line, period) = (await Line("8001"), DemoMsp.Iso(DemoSeed.Period.From));
        foreach (var (what, body) in new (string, object)[]
        {
            ("price", new { unit_price = "4", from = period }),
            ("price", new { unit_price = "5", from = period }),
            ("terms", new { minimum_units = "30", commitment = "1000", from = period }),
            ("price", new { unit_price = "6", from = DemoMsp.Iso(DemoSeed.FirstNight) }),
            ("terms", new { included_units = "2", from = period, settings = new { increases = "high_water", decreases = "high_water" } }),
            ("terms", new { from = period, tiers = new { kind = "graduated", steps = new object[] { new { up_to = "20", unit_price = "4" }, new { up_to = (string?)null, unit_price = "3", flat_fee = "7.5" } } } }),
        })
            Assert.Equal(200, (await door.Put($"/v1/lines/{line}/{what}", body)).Status);

        var explained = (await Task.WhenAll((await Entries(line)).Select(entry => Explain(line, entry!)))).Select(answer => answer.Json).ToList();

        Assert.Equal([], explained.Where(entry => !(bool)entry["recomputed"]!["agrees"]!).Select(entry => $"{entry["entry"]!["turn"]}.{entry["entry"]!["entry"]}"));
        var (exit, output, error) = await Prorate(explained.Select(entry => entry["case"]!));
        Assert.True(exit == 0, output + error);
        Assert.Equal(
            "- - | P/1 - | P/2 - | P/2 P/1 | - P/1 | N/1 P/1 | P/2 P/2 | N/1 P/2 | - P/2 | P/2 P/3 | - P/3 | N/1 P/3",
            DemoMsp.Named(string.Join(" | ", explained.Select(entry => $"{Version(entry, "price")} {Version(entry, "terms")}").Distinct())));
        var turns = (await demo.Hub.Table("select array_to_string(array_agg(line_ver - 1 order by seq), ' ') from line_terms")).Trim();
        Assert.Equal(turns, string.Join(' ', explained.Select(entry => (int?)entry["versions"]!["terms"]?["turn"]).OfType<int>().Distinct()));
        var last = explained[^1]["entry"]!;
        Assert.Equal($"{period} 3 flat_fee", $"{last["terms_from"]} {last["terms_sequence"]} {last["charged_for"]}");
        await PostAndReverse();
        var items = (await door.Get($"/v1/lines/{line}/prorations?limit=200")).Json["items"]!.AsArray();
        foreach (var kind in (string[])["reversal", "again"]) Assert.Equal(Of("adjustment"), Of(kind));

        IEnumerable<string> Of(string kind) => items.Where(item => (string)item!["kind"]! == kind).Select(item => $"{item!["unit_price"]} {item["terms_from"]}/{item["terms_sequence"]} {item["charged_for"]} {item["price_from"]}");

        static string Version(JsonNode entry, string of) => entry["versions"]![of] is { } version ? $"{version["from"]}/{version["sequence"]}" : "-";
    }

    [Fact]
    public async Task An_entry_says_which_posting_took_it_and_which_invoice_shows_it()
    {
        var line = await Line("8001");
        var entry = (await Entries(line))[0]!;
        Assert.Equal("null null", $"{(await Explain(line, entry)).Json["entry"]!["posting"]?.ToJsonString() ?? "null"} {(await Explain(line, entry)).Json["entry"]!["invoice"]?.ToJsonString() ?? "null"}");
        var posting = await Post();
        var account = (long)(await door.Get($"/v1/lines/{line}")).Json["account"]!["id"]!;

        var invoice = (await door.Post("/v1/invoices", new { account })).Json["invoices"]![0]!;

        var shown = (await Explain(line, entry)).Json["entry"]!;
        Assert.Equal((long)posting["id"]!, (long)shown["posting"]!["id"]!);
        Assert.Equal($"{invoice["id"]} {invoice["number"]} {invoice["issued_on"]}", $"{shown["invoice"]!["id"]} {shown["invoice"]!["number"]} {shown["invoice"]!["issued_on"]}");
        var number = (int)shown["invoice"]!["line"]!;
        var lines = (await door.Get($"/v1/invoices/{invoice["id"]}")).Json["contracts"]!.AsArray().SelectMany(contract => contract!["lines"]!.AsArray()).ToList();
        Assert.Equal($"{line} {entry["turn"]} {entry["entry"]}", $"{lines[number - 1]!["line_id"]} {lines[number - 1]!["turn"]} {lines[number - 1]!["entry"]}");
        Assert.Equal(shown["invoice"]!.ToJsonString(), (await door.Get($"/v1/lines/{line}/prorations")).Json["items"]![0]!["invoice"]!.ToJsonString());
        Assert.Equal(201, (await door.Post($"/v1/postings/{posting["id"]}/reverse")).Status);
        Assert.Equal(
            [$"adjustment {posting["id"]} {invoice["number"]}", $"reversal {(long)posting["id"]! + 1} ", "again  "],
            (await door.Get($"/v1/lines/{line}/prorations")).Json["items"]!.AsArray().Select(one => $"{one!["kind"]} {one["posting"]?["id"]} {one["invoice"]?["number"]}"));
    }

    [Fact]
    public async Task An_entry_whose_terms_have_changed_since_says_by_how_much()
    {
        var line = await Line("8001");
        await demo.Hub.Sql($"update service_line set unit_price = 7 where id = {line}");

        var entry = (await Entries(line))[0]!;
        var explained = (await Explain(line, entry)).Json;

        var posted = decimal.Parse((string)entry["amount"]!, CultureInfo.InvariantCulture);
        Assert.False((bool)explained["recomputed"]!["agrees"]!);
        Assert.InRange(decimal.Parse((string)explained["recomputed"]!["difference"]!, CultureInfo.InvariantCulture), posted - 0.02m, posted + 0.02m);
        Assert.Null(explained["formula"]);
        Assert.Equal(1, (await Prorate([explained["case"]!])).Exit);
    }

    [Fact]
    public async Task Prorations_are_listed_by_page_and_day_and_another_msps_are_not_there()
    {
        var line = await Line("8001");
        var entry = (await Entries(line))[0]!;
        var whole = await door.Get($"/v1/lines/{line}/prorations");
        var item = whole.Json["items"]![0]!;

        Assert.Equal($"adjustment 3 3.50 {entry["amount"]} reading", $"{item["kind"]} {item["units"]} {item["unit_price"]} {item["amount"]} {item["caused_by"]!["source"]}");
        Assert.StartsWith("+3 × ", (string)item["text"]!);
        Assert.Null(item["posting"]);
        Assert.Empty((await door.Get($"/v1/lines/{line}/prorations?to={DemoMsp.Iso(DemoSeed.FirstNight.AddDays(-1))}")).Json["items"]!.AsArray());
        Assert.Single((await door.Get($"/v1/lines/{line}/prorations?from={DemoMsp.Iso(DemoSeed.FirstNight)}&to={DemoMsp.Iso(DemoSeed.FirstNight)}&limit=1")).Json["items"]!.AsArray());
        await PostAndReverse();
        var first = await door.Get($"/v1/lines/{line}/prorations?limit=2");
        var second = await door.Get($"/v1/lines/{line}/prorations?limit=2&cursor={first.Json["next_cursor"]}");
        Assert.Equal(
            ["adjustment 1 1", "reversal 2 ", "again  "],
            first.Json["items"]!.AsArray().Concat(second.Json["items"]!.AsArray()).Select(one => $"{one!["kind"]} {one["posting"]?["id"]} {one["posting"]?["plan"]}"));
        var address = $"/v1/lines/{line}/ledger/{entry["turn"]}.{entry["entry"]}/explain";
        Assert.Equal(200, (await door.Get(address)).Status);
        foreach (var path in (string[])[address, $"/v1/lines/{line}/prorations"]) Assert.Equal("404 not_found", (await stranger.Get(path)).Problem);
        Assert.Equal("404 not_found", (await door.Get($"/v1/lines/{line}/ledger/999.1/explain")).Problem);
        Assert.Equal("400 parameter_invalid entry", (await door.Get($"/v1/lines/{line}/ledger/first/explain")).Problem);
        Assert.Equal("400 parameter_invalid from", (await door.Get($"/v1/lines/{line}/prorations?from=2026-02-31")).Problem);
        Assert.Equal("400 validation_failed to", (await door.Get($"/v1/lines/{line}/prorations?from=2026-02-02&to=2026-02-01")).Problem);
    }

    private static string Kinds(IEnumerable<JsonNode> explained) => string.Join(", ", explained.GroupBy(entry => (string)entry["entry"]!["kind"]!).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key} {kind.Count()}"));

    private static async Task<(int Exit, string Output, string Error)> Prorate(IEnumerable<JsonNode> cases)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new JsonObject { ["cases"] = new JsonArray([.. cases.Select(one => one.DeepClone())]) }.ToJsonString());
        var answer = await SiloProgram.Run("prorate", file);
        File.Delete(file);
        return answer;
    }

    private Task<string> Key(MspId msp) => new ApiKeys(demo.Hub.Database).Create(msp, "explain", ApiScope.Superuser, default);

    private Task<long> Line(string remoteId) => demo.Hub.Scalar<long>($"select id from service_line where remote_id = '{remoteId}'");

    /// <summary>The line's period is charged by the hub, as if it had begun with it.</summary>
    private async Task Charge(long line)
    {
        await demo.Hub.Sql($"update service_line set charged_until = '{DemoMsp.Iso(DemoSeed.Period.From)}' where id = {line}");
        await demo.Lines.Ask(DemoMsp.Msp, line, new ServiceLineMessage.BoundaryReached(), "test", default);
    }

    private async Task PostAndReverse() => Assert.Equal(201, (await door.Post($"/v1/postings/{(await Post())["id"]}/reverse")).Status);

    private async Task<JsonNode> Post()
    {
        var plan = await door.Post("/v1/plans", new { through = DemoMsp.Iso(DemoSeed.FirstNight) });
        Assert.True(plan.Status == 201, plan.Text);
        var posting = await door.Post($"/v1/plans/{plan.Json["id"]}/apply", new { hash = (string)plan.Json["hash"]! });
        Assert.True(posting.Status == 200, posting.Text);
        return posting.Json;
    }

    private async Task<JsonArray> Entries(long line) => (await door.Get($"/v1/lines/{line}/ledger")).Json["items"]!.AsArray();

    private Task<Answer> Explain(long line, JsonNode entry) => door.Get($"/v1/lines/{line}/ledger/{entry["turn"]}.{entry["entry"]}/explain");

    private async Task<IReadOnlyList<JsonNode>> ExplainAll()
    {
        var explained = new List<JsonNode>();
        foreach (var line in (await door.Get("/v1/lines?limit=200")).Json["items"]!.AsArray().Select(line => (long)line!["id"]!))
        {
            foreach (var entry in await Entries(line))
            {
                var answer = await Explain(line, entry!);
                Assert.True(answer.Status == 200, answer.Text);
                explained.Add(answer.Json);
            }
        }

        return explained;
    }
}
