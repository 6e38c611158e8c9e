using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Feeds;

/// <summary>Feeds at the door: what is taken, what is refused row by row, and what is refused as a whole.</summary>
public sealed class SnapshotTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private const string Key = "k";

    [Fact]
    public async Task A_feed_is_an_integration_of_its_own_without_vendor_or_credentials()
    {
        var name = hub.Name("Graphus");

        var made = await hub.Superuser.Post("/v1/feeds", new { name, product = "graphus" });

        var id = (long)made.Json["id"]!;
        Assert.Equal(
            $$"""201 {"id":{{id}},"name":"{{name}}","product":"graphus","metrics":["active_licences","protected_inboxes"],"accounts":0,"night_cursor":null,"last_snapshot":null,"created_at":"*"}""", made.Stable);
        Assert.Equal($"/v1/feeds/{id}", made.Location);
        var integration = (await hub.Viewer.Get($"/v1/integrations/{id}")).Json;
        Assert.Equal("feed   True valid", $"{integration["kind"]} {integration["base_url"]} {integration["user"]} {(bool)integration["reads_products"]!} {integration["credentials"]}");
        Assert.Equal(1, await hub.Sql("select count(*) from reminder where grain_kind = 4 and grain_id = $1 and name = 'read' and night = $2", id, hub.Night.AddDays(1)));
        foreach (var wish in new[] { "test", "import", "reconcile", "reveal" })
            Assert.Equal("409 integration_is_fed", (await hub.Superuser.Post($"/v1/integrations/{id}/{wish}")).Problem);
        Assert.Equal("400 validation_failed secret", (await hub.Superuser.Put($"/v1/integrations/{id}", new { user = "u", secret = "s" })).Problem);
        Assert.Equal(200, (await hub.Superuser.Put($"/v1/integrations/{id}", new { name = name + " EU" })).Status);
        Assert.Equal("400 validation_failed kind", (await hub.Superuser.Post("/v1/integrations", new { kind = "feed", name, base_url = "https://a.test/", user = "u", secret = "s" })).Problem);
        Assert.Equal(204, (await hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{id}", null)).Status);
    }

    [Fact]
    public async Task Feeds_are_made_by_superusers_told_by_operators_and_seen_by_viewers_of_their_msp()
    {
        var id = await Feed();

        Assert.Equal("403 scope_insufficient", (await hub.Operator.Post("/v1/feeds", new { name = "f", product = "graphus" })).Problem);
        Assert.Equal("400 validation_failed product", (await hub.Superuser.Post("/v1/feeds", new { name = "f", product = "graphite" })).Problem);
        Assert.Equal("400 field_unknown region", (await hub.Superuser.Post("/v1/feeds", new { name = "f", product = "graphus", region = "us" })).Problem);
        var name = (string?)(await hub.Viewer.Get($"/v1/feeds/{id}")).Json["name"];
        Assert.Equal("409 name_taken", (await hub.Superuser.Post("/v1/feeds", new { name, product = "graphus" })).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post($"/v1/feeds/{id}/snapshots", Snapshot(Count("a", 1)))).Problem);
        foreach (var path in new[] { "", "/snapshots/1" }) Assert.Equal("404 not_found", (await hub.Stranger.Get($"/v1/feeds/{id}{path}")).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/feeds/{id}/snapshots", Snapshot(Count("a", 1)))).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put($"/v1/feeds/{id}/accounts", new { accounts = new[] { new { external_id = "a", name = "A" } } })).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put($"/v1/feeds/{id}/metrics", new { metrics = new[] { new { key = "active_licences" } } })).Problem);
        Assert.Equal("404 not_found", (await hub.Operator.Post($"/v1/feeds/{await hub.Integration("uniview")}/snapshots", Snapshot(Count("a", 1)))).Problem);
        Assert.DoesNotContain((await hub.Stranger.Get("/v1/feeds?limit=200")).Json["items"]!.AsArray(), feed => (long)feed!["id"]! == id);
        Assert.Contains((await hub.Viewer.Get("/v1/feeds?limit=200")).Json["items"]!.AsArray(), feed => (long)feed!["id"]! == id);
    }

    [Fact]
    public async Task A_key_of_a_feed_tells_that_feed_and_does_nothing_else()
    {
        var (id, other) = (await Feed(), await Feed());
        var made = await hub.Superuser.Post("/v1/keys", new { name = "export", scope = "feed", feed_id = id });
        using var script = new Door(hub.BaseUrl, (string)made.Json["key"]!);

        Assert.Equal($"feed {id}", $"{made.Json["made"]!["scope"]} {made.Json["made"]!["feed_id"]}");
        Assert.Equal(200, (await script.Put($"/v1/feeds/{id}/accounts", new { accounts = new[] { new { external_id = "a", name = "Alder" } } })).Status);
        var told = await script.Post($"/v1/feeds/{id}/snapshots", Snapshot(Count("a", 1)));
        Assert.Equal((201, 200), (told.Status, (await script.Get($"/v1/feeds/{id}/snapshots/{told.Json["id"]}")).Status));
        Assert.Equal($"export ({made.Json["made"]!["id"]})", (string?)(await script.Get($"/v1/feeds/{id}")).Json["last_snapshot"]!["fed_by"]);
        foreach (var path in new[] { "/v1/feeds", $"/v1/feeds/{other}", $"/v1/feeds/{other}/snapshots", "/v1/msp", "/v1/lines", "/v1/keys", $"/v1/tenants?integration={id}", $"/v1/integrations/{id}" })
            Assert.Equal("403 scope_insufficient", (await script.Get(path)).Problem);
        Assert.Equal("403 scope_insufficient", (await script.Post($"/v1/feeds/{other}/snapshots", Snapshot(Count("a", 1)))).Problem);
        Assert.Equal("403 scope_insufficient", (await script.Post("/v1/feeds", new { name = "f", product = "graphus" })).Problem);

        var rotated = await hub.Superuser.Post($"/v1/keys/{made.Json["made"]!["id"]}/rotate");
        Assert.Equal($"feed {id}", $"{rotated.Json["made"]!["scope"]} {rotated.Json["made"]!["feed_id"]}");
        Assert.Equal("401 key_invalid", (await script.Get($"/v1/feeds/{id}")).Problem);
        Assert.Equal("400 validation_failed feed_id", (await hub.Superuser.Post("/v1/keys", new { name = "export", scope = "feed" })).Problem);
        Assert.Equal("400 validation_failed feed_id", (await hub.Superuser.Post("/v1/keys", new { name = "export", scope = "viewer", feed_id = id })).Problem);
        Assert.Equal("404 feed_unknown", (await hub.Stranger.Post("/v1/keys", new { name = "export", scope = "feed", feed_id = id })).Problem);
    }

    [Fact]
    public async Task Accounts_are_tenants_that_can_be_mapped_before_anything_is_told_of_them()
    {
        var id = await Feed();

        Assert.Equal("""200 {"added":2,"renamed":0,"unchanged":0}""", (await Accounts(id, ("a", "Alder"), ("b", "Birch"))).Stable);
        Assert.Equal("""200 {"added":1,"renamed":1,"unchanged":1}""", (await Accounts(id, ("a", "Alder"), ("b", "Birch Ltd"), ("c", "Cedar"))).Stable);

        var tenants = (await hub.Viewer.Get($"/v1/tenants?integration={id}")).Json["items"]!.AsArray();
        Assert.Equal(["graphus a Alder", "graphus b Birch Ltd", "graphus c Cedar"], tenants.Select(tenant => $"{tenant!["product"]} {tenant["remote_id"]} {tenant["name"]}"));
        Assert.Equal(3, (int)(await hub.Viewer.Get($"/v1/feeds/{id}")).Json["accounts"]!);
        Assert.Equal(3, await hub.Sql("select count(*) from reminder r join product_tenant t on t.id = r.grain_id where r.grain_kind = 1 and t.integration_id = $1 and r.night = $2", id, hub.Night.AddDays(1)));
        Assert.Equal("400 validation_failed accounts[1].external_id accounts[2].external_id accounts[2].name", (await Accounts(id, ("a", "A"), ("a", "B"), ("", "\u0007"))).Problem);
        Assert.Equal("400 validation_failed accounts", (await Accounts(id)).Problem);
    }

    [Fact]
    public async Task A_feed_tells_the_metrics_that_it_is_said_to_tell()
    {
        var id = await Feed();

        var set = await hub.Operator.Put($"/v1/feeds/{id}/metrics", new { metrics = new[] { new { key = "active_licences", kind = "count" } } });

        Assert.Equal("""["active_licences"]""", set.Json["metrics"]!.ToJsonString());
        Assert.Equal("metric_unknown metric", Rows(await Told(id, Count("a", 1, "protected_inboxes", "A"))));
        Assert.Equal(
            "400 validation_failed metrics[0].key metrics[2].key metrics[3].kind",
            (await hub.Operator.Put($"/v1/feeds/{id}/metrics", new { metrics = new[] { new { key = "licences", kind = (string?)null }, new { key = "active_licences", kind = (string?)"count" }, new { key = "active_licences", kind = (string?)null }, new { key = "protected_inboxes", kind = (string?)"flag" } } })).Problem);
    }

    [Fact]
    public async Task Each_row_has_its_own_answer_and_the_good_ones_count()
    {
        var id = await Feed("bullphish-id");
        await Accounts(id, ("a", "Alder"), ("b", "Birch"));

        var answer = await hub.Operator.PostText($"/v1/feeds/{id}/snapshots", """
            {"idempotency_key": "k", "complete": true, "counts": [
                {"external_id": "a", "metric": "users", "quantity": 12},
                {"external_id": "b", "metric": "users", "quantity": "7.0"},
                {"external_id": "c", "metric": "users", "quantity": 1},
                {"external_id": "d", "account_name": "Dogwood", "metric": "training_module", "quantity": 1},
                {"external_id": "d", "metric": "phishing_module", "quantity": 0},
                {"external_id": "d", "metric": "users", "quantity": 2.5},
                {"external_id": "b", "metric": "training_module", "quantity": 2},
                {"external_id": "b", "metric": "phishing_module", "quantity": -1},
                {"external_id": "a", "metric": "seats", "quantity": 1},
                {"external_id": "a", "metric": "training_module", "quantity": true},
                {"external_id": "a", "metric": "phishing_module"},
                {"external_id": " ", "metric": "users", "quantity": 1},
                {"external_id": "e", "account_name": "Elm\u0000", "metric": "users", "quantity": 1},
                {"external_id": "f", "account_name": "Fir", "metric": "users", "quantity": 1},
                {"external_id": "f", "metric": "users", "quantity": 1},
                {"external_id": "g", "account_name": "Gum", "metric": "users", "quantity": 1000000001},
                null
            ]}
            """);

        Assert.Equal(201, answer.Status);
        Assert.Equal("4 13 False False", $"{answer.Json["accepted"]} {answer.Json["refused"]} {(bool)answer.Json["complete"]!} {(bool)answer.Json["dry_run"]!}");
        Assert.Equal(
            """
            1 a users 12 accepted
            2 b users 7 accepted
            3 c users  account_unknown external_id
            4 d training_module 1 accepted
            5 d phishing_module 0 accepted
            6 d users  quantity_invalid quantity
            7 b training_module  quantity_invalid quantity
            8 b phishing_module  quantity_invalid quantity
            9 a seats  metric_unknown metric
            10 a training_module  quantity_invalid quantity
            11 a phishing_module  quantity_invalid quantity
            12   users  external_id_invalid external_id
            13 e users  account_name_invalid account_name
            14 f users  duplicate_row metric
            15 f users  duplicate_row metric
            16 g users  quantity_invalid quantity
            17    external_id_invalid external_id
            """,
            string.Join("\n", answer.Json["rows"]!.AsArray().Select(row => $"{row!["row"]} {row["external_id"]} {row["metric"]} {row["quantity"]} {row["result"]} {row["field"]}".TrimEnd())));
        Assert.Equal("Must be 0 or 1: this metric is on or off.", (string?)answer.Json["rows"]![6]!["message"]);
        Assert.Equal(4, await hub.Sql("select count(*) from feed_row where snapshot_id = $1 and code is null", (long)answer.Json["id"]!));
        Assert.Equal(3, await hub.Sql("select count(*) from product_tenant where integration_id = $1", id));
        var again = await hub.Viewer.Get($"/v1/feeds/{id}/snapshots/{answer.Json["id"]}");
        Assert.Equal(answer.Text, again.Text);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_answer_and_with_another_snapshot_none()
    {
        var id = await Feed();
        await Accounts(id, ("a", "Alder"));

        var first = await hub.Operator.Post($"/v1/feeds/{id}/snapshots", Snapshot(Count("a", 1), Count("b", 1)));
        var again = await hub.Operator.Post($"/v1/feeds/{id}/snapshots", Snapshot(Count("a", 1), Count("b", 1)));

        Assert.Equal((201, first.Text, first.Location), (again.Status, again.Text, again.Location));
        Assert.Equal(1, await hub.Sql("select count(*) from feed_snapshot where integration_id = $1", id));
        Assert.Equal("422 idempotency_key_reused", (await hub.Operator.Post($"/v1/feeds/{id}/snapshots", Snapshot(Count("a", 2)))).Problem);
        Assert.Equal("400 validation_failed idempotency_key", (await hub.Operator.Post($"/v1/feeds/{id}/snapshots", new { counts = new[] { Count("a", 1) } })).Problem);
        var other = await Feed();
        await Accounts(other, ("a", "Alder"));
        Assert.Equal(201, (await hub.Operator.Post($"/v1/feeds/{other}/snapshots", Snapshot(Count("a", 2)))).Status);
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_writes_nothing()
    {
        var id = await Feed();
        await Accounts(id, ("a", "Alder"));
        var before = await hub.Sql("select count(*) from product_tenant where integration_id = $1", id);

        var dry = await hub.Operator.Post($"/v1/feeds/{id}/snapshots?dry_run=true", new { counts = new[] { Count("a", 1), Count("b", 2, name: "Birch"), Count("c", 3) } });
        var real = await hub.Operator.Post($"/v1/feeds/{id}/snapshots", Snapshot(Count("a", 1), Count("b", 2, name: "Birch"), Count("c", 3)));

        Assert.Equal(200, dry.Status);
        Assert.Null(dry.Json["id"]);
        Assert.Equal(dry.Json["rows"]!.ToJsonString(), real.Json["rows"]!.ToJsonString());
        Assert.Equal("accepted\naccepted\naccount_unknown external_id", Rows(dry));
        Assert.Equal((1, before + 1), (await hub.Sql("select count(*) from feed_snapshot where integration_id = $1", id), await hub.Sql("select count(*) from product_tenant where integration_id = $1", id)));
    }

    [Fact]
    public async Task Csv_is_judged_as_json_is()
    {
        var id = await Feed();
        await Accounts(id, ("a", "Alder"));

        var csv = await Csv(id, $"\uFEFFexternal_id,account_name,metric,quantity,as_of\r\na,,active_licences,5,{hub.Night:yyyy-MM-dd}\r\n\"b\",\"Birch, \"\"Sons\"\" Ltd\",active_licences,7,\r\n\r\nc,,active_licences,x,\r\n", "?complete=true", "csv-1");
        var json = await hub.Operator.Post($"/v1/feeds/{id}/snapshots?dry_run=true", new
        {
            as_of = hub.Night, complete = true,
            counts = new object[] { Count("a", 5), Count("b", 7, name: "Birch, \"Sons\" Ltd"), new { external_id = "c", metric = "active_licences", quantity = "x" } },
        });

        Assert.Equal(201, csv.Status);
        Assert.Equal(json.Json["rows"]!.ToJsonString(), csv.Json["rows"]!.ToJsonString());
        Assert.Equal("accepted\naccepted\naccount_unknown external_id", Rows(csv));
        Assert.Equal(1, await hub.Sql("select count(*) from product_tenant where integration_id = $1 and remote_id = 'b' and name = 'Birch, \"Sons\" Ltd'", id));
        Assert.Equal(csv.Text, (await Csv(id, $"\uFEFFexternal_id,account_name,metric,quantity,as_of\r\na,,active_licences,5,{hub.Night:yyyy-MM-dd}\r\n\"b\",\"Birch, \"\"Sons\"\" Ltd\",active_licences,7,\r\n\r\nc,,active_licences,x,\r\n", "?complete=true", "csv-1")).Text);
        Assert.Equal("422 idempotency_key_reused", (await Csv(id, "external_id,metric,quantity\na,active_licences,5\n", "", "csv-1")).Problem);
    }

    [Theory]
    [InlineData("", "400 body_missing")]
    [InlineData("\n\n", "400 csv_invalid")]
    [InlineData("external_id,metric\na,active_licences\n", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity,colour\na,active_licences,1,red\n", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity,quantity\na,active_licences,1,1\n", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity\na,active_licences\n", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity\n\"a,active_licences,1\n", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity\n\"a\"b,active_licences,1\n", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity\na\"b\",active_licences,1\n", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity\ra,active_licences,1\r", "400 csv_invalid")]
    [InlineData("external_id,metric,quantity,as_of\na,active_licences,1,yesterday\n", "400 validation_failed as_of")]
    [InlineData("external_id,metric,quantity,as_of\na,active_licences,1,2026-01-01\nb,active_licences,1,2026-01-02\n", "400 validation_failed as_of")]
    [InlineData("external_id,metric,quantity,as_of\na,active_licences,1,2020-01-01\n", "422 date_too_old as_of")]
    public async Task A_file_that_is_not_what_it_should_be_is_refused_as_a_whole(string csv, string problem) =>
        Assert.Equal(problem, (await Csv(await Feed(), csv, "", Key)).Problem);

    [Fact]
    public async Task A_file_in_another_encoding_is_refused()
    {
        var answer = await Csv(await Feed(), "external_id,account_name,metric,quantity\na,Müller,active_licences,1\n", "", Key, Encoding.Latin1);

        Assert.Equal(("400 csv_invalid", "The file is not UTF-8."), (answer.Problem, (string?)answer.Json["detail"]));
    }

    [Theory]
    [InlineData("""{"idempotency_key":"k"}""", "400 validation_failed counts")]
    [InlineData("""{"idempotency_key":"k","counts":[],"product":"graphus"}""", "400 field_unknown product")]
    [InlineData("""{"idempotency_key":"k","counts":[{"external_id":"a","metric":"active_licences","quantity":1,"unit":"x"}]}""", "400 field_unknown unit")]
    [InlineData("""{"idempotency_key":"k","counts":[{"external_id":7,"metric":"active_licences","quantity":1}]}""", "400 validation_failed counts[0].external_id")]
    [InlineData("""{"idempotency_key":"k","counts":[],"complete":"yes"}""", "400 validation_failed complete")]
    [InlineData("""{"idempotency_key":"k","counts":[],"as_of":"today"}""", "400 validation_failed as_of")]
    [InlineData("""{"idempotency_key":"k","counts":[],"as_of":"2020-01-01"}""", "422 date_too_old as_of")]
    [InlineData("""{"idempotency_key":"k","counts":[],"as_of":"2999-01-01"}""", "422 night_not_yet as_of")]
    [InlineData("""{"idempotency_key":"","counts":[]}""", "400 validation_failed idempotency_key")]
    [InlineData("""{"counts":[}""", "400 json_invalid")]
    public async Task A_body_that_is_not_what_it_should_be_is_refused_as_a_whole(string body, string problem) =>
        Assert.Equal(problem, (await hub.Operator.PostText($"/v1/feeds/{await Feed()}/snapshots", body)).Problem);

    [Fact]
    public async Task A_snapshot_has_its_bounds()
    {
        var id = await Feed();
        var most = "external_id,metric,quantity\n" + string.Concat(Enumerable.Range(0, 20_001).Select(i => $"a-{i},active_licences,1\n"));

        Assert.Equal("422 snapshot_too_large", (await Csv(id, most, "", Key)).Problem);
        Assert.Equal("413 body_too_large", (await Csv(id, new string('x', (4 * 1024 * 1024) + 1), "", Key)).Problem);
        using var xml = new StringContent("<a/>", Encoding.UTF8, "application/xml");
        Assert.Equal("415 media_type_unsupported", (await hub.Operator.Send(HttpMethod.Post, $"/v1/feeds/{id}/snapshots", xml)).Problem);
        var full = await Csv(id, most[..most.LastIndexOf("a-", StringComparison.Ordinal)], "?dry_run=true");
        Assert.Equal((200, 20_000), (full.Status, (int)full.Json["refused"]!));
    }

    [Fact]
    public async Task Snapshots_are_listed_the_last_one_first()
    {
        var id = await Feed();
        await Accounts(id, ("a", "Alder"));
        foreach (var key in new[] { "one", "two" }) await hub.Operator.Post($"/v1/feeds/{id}/snapshots", new { idempotency_key = key, counts = new[] { Count("a", 1) } });

        var page = await hub.Viewer.Get($"/v1/feeds/{id}/snapshots?limit=1");
        var next = await hub.Viewer.Get($"/v1/feeds/{id}/snapshots?limit=1&cursor={page.Json["next_cursor"]}");

        Assert.Equal(
            $$"""{"id":*,"as_of":"{{hub.Night:yyyy-MM-dd}}","complete":false,"idempotency_key":"two","accepted":1,"refused":0,"fed_at":"*","fed_by":"*","taken_at":null}""",
            Starred(page.Json["items"]![0]!));
        Assert.Equal("one", (string?)next.Json["items"]![0]!["idempotency_key"]);
        Assert.Equal("two", (string?)(await hub.Viewer.Get($"/v1/feeds/{id}")).Json["last_snapshot"]!["idempotency_key"]);
        Assert.Equal("404 not_found", (await hub.Viewer.Get($"/v1/feeds/{id}/snapshots/999999999")).Problem);
    }

    [Fact]
    public void The_catalogue_is_whole_and_every_product_has_a_source()
    {
        Assert.Equal(28, Catalogue.Products.Count);
        Assert.Equal(Catalogue.Products.Select(product => product.Id).Order(StringComparer.Ordinal), Catalogue.Products.Select(product => product.Id));
        Assert.All(Catalogue.Products, product =>
        {
            Assert.True(IntegrationKind.Of(product.Source) is { ReadsProducts: true }, product.Id);
            Assert.NotEmpty(product.Metrics);
            Assert.Equal(product.Metrics.Count, product.Metrics.Select(metric => metric.Id).Distinct().Count());
            Assert.Contains(product.Suite, new[] { "Audit", "Backup", "Docs", "Network", "RMM", "Security" });
        });
        Assert.Equal(["bullphish-id training_module", "bullphish-id phishing_module", "compliance-manager enabled", "cyber-hawk enabled"], Of(MetricKind.Flag));
        Assert.Equal(
            ["datto-azure disk_capacity", "datto-file-protection additional_storage", "datto-workplace additional_storage", "it-glue trait_total"], Of(MetricKind.Capacity));
    }

    private static IEnumerable<string> Of(MetricKind kind) =>
        Catalogue.Products.SelectMany(product => product.Metrics.Where(metric => metric.Kind == kind), (product, metric) => $"{product.Id} {metric.Id}");

    private static string Starred(JsonNode row)
    {
        (row["id"], row["fed_at"], row["fed_by"]) = ("*", "*", "*");
        return row.ToJsonString().Replace("\"id\":\"*\"", "\"id\":*", StringComparison.Ordinal);
    }

    private static string Rows(Answer answer) =>
        string.Join("\n", answer.Json["rows"]!.AsArray().Select(row => $"{row!["result"]} {row["field"]}".TrimEnd()));

    private static object Snapshot(params object[] counts) => new { idempotency_key = Key, counts };

    private static object Count(string account, decimal quantity, string metric = "active_licences", string? name = null) =>
        new { external_id = account, metric, quantity, account_name = name };

    private async Task<long> Feed(string product = "graphus") => (long)(await hub.Superuser.Post("/v1/feeds", new { name = hub.Name("Feed"), product })).Json["id"]!;

    private Task<Answer> Told(long feed, params object[] counts) => hub.Operator.Post($"/v1/feeds/{feed}/snapshots", Snapshot(counts));

    private Task<Answer> Accounts(long feed, params (string Id, string Name)[] accounts) =>
        hub.Operator.Put($"/v1/feeds/{feed}/accounts", new { accounts = accounts.Select(account => new { external_id = account.Id, name = account.Name }) });

    private async Task<Answer> Csv(long feed, string csv, string query = "", string? key = null, Encoding? encoding = null)
    {
        using var body = new ByteArrayContent((encoding ?? Encoding.UTF8).GetBytes(csv));
        body.Headers.ContentType = new("text/csv");
        return await hub.Operator.Send(HttpMethod.Post, $"/v1/feeds/{feed}/snapshots{query}", body, key is null ? [] : [("Idempotency-Key", key)]);
    }
}
