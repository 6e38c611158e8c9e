using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Api;

/// <summary>What a superuser does with an integration: other names and addresses, its secret, its end.</summary>
public sealed class IntegrationCareTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Theory]
    [InlineData("bms", "us", "https://api.bms.kaseya.com/")]
    [InlineData("bms", "emea", "https://api.bmsemea.kaseya.com/")]
    [InlineData("bms", "apac", "https://api.bmsapac.kaseya.com/")]
    public async Task A_region_stands_for_its_address(string kind, string region, string address)
    {
        var created = await hub.Superuser.Post("/v1/integrations", new { kind, name = hub.Name("BMS"), region, user = "hub", secret = "hunter2", tenant = "Northwind IT Ltd" });

        Assert.Equal($"201 {kind} {address} {region} Northwind IT Ltd False", Shown(created));
        Assert.Equal(1, await hub.Sql("select count(*) from integration where id = $1 and integration_code = 'Northwind IT Ltd'", (long)created.Json["id"]!));
    }

    [Fact]
    public async Task Vorex_has_no_regions_and_takes_an_address()
    {
        var wanted = new { kind = "vorex", name = hub.Name("Vorex"), base_url = "https://api.vorexlogin.com/", user = "hub", secret = "hunter2", tenant = "Northwind" };

        Assert.Equal("201 vorex https://api.vorexlogin.com/  Northwind False", Shown(await hub.Superuser.Post("/v1/integrations", wanted)));
    }

    [Theory]
    [InlineData("""{"kind":"bms","region":"us"}""", "400 validation_failed tenant")]
    [InlineData("""{"kind":"vorex","region":"us","tenant":"a"}""", "400 validation_failed region")]
    [InlineData("""{"kind":"bms","region":"mars","tenant":"a"}""", "400 validation_failed region")]
    [InlineData("""{"kind":"bms","region":"us","base_url":"https://a.test/","tenant":"a"}""", "400 validation_failed region")]
    [InlineData("""{"kind":"bms","tenant":"a"}""", "400 validation_failed base_url")]
    [InlineData("""{"kind":"bms","region":"us","tenant":"a","integration_code":"x"}""", "400 validation_failed integration_code")]
    [InlineData("""{"kind":"autotask","base_url":"https://a.test/","tenant":"a","integration_code":"x"}""", "400 validation_failed tenant")]
    [InlineData("""{"kind":"uniview","base_url":"https://a.test/","integration_code":"x"}""", "400 validation_failed integration_code")]
    [InlineData("""{"kind":"bms","region":"us","tenant":"a\u0007"}""", "400 validation_failed tenant")]
    public async Task Each_kind_takes_its_own_words(string wanted, string problem)
    {
        var body = JsonNode.Parse(wanted)!;
        (body["name"], body["user"], body["secret"]) = (hub.Name("wrong"), "u", "s");

        Assert.Equal(problem, (await hub.Superuser.Post("/v1/integrations", body)).Problem);
    }

    [Fact]
    public async Task A_name_changes_by_itself_and_what_a_vendor_is_told_changes_with_its_secret_only()
    {
        var (id, name) = await Bms();
        var other = (await Bms()).Name;

        var renamed = await hub.Superuser.Put($"/v1/integrations/{id}", new { name = name + " EU" });

        Assert.Equal($"200 {name} EU untested", $"{renamed.Status} {renamed.Json["name"]} {renamed.Json["credentials"]}");
        Assert.Equal($"integration.renamed {id} {name} {name} EU", await LastAudit());
        Assert.Equal("409 name_taken", (await hub.Superuser.Put($"/v1/integrations/{id}", new { name = other })).Problem);
        foreach (var told in (object[])[new { user = "x" }, new { region = "emea" }, new { base_url = "https://evil.test/" }, new { tenant = "Other" }])
            Assert.Equal("400 validation_failed secret", (await hub.Superuser.Put($"/v1/integrations/{id}", told)).Problem);
        Assert.Equal("400 validation_failed name", (await hub.Superuser.Put($"/v1/integrations/{id}", new { })).Problem);
        Assert.Equal("400 validation_failed region", (await hub.Superuser.Put($"/v1/integrations/{id}", new { region = "mars", secret = "s" })).Problem);
        Assert.Equal("400 validation_failed integration_code", (await hub.Superuser.Put($"/v1/integrations/{id}", new { integration_code = "x", secret = "s" })).Problem);

        var moved = await hub.Superuser.Put($"/v1/integrations/{id}", new { region = "emea", secret = "hunter3" });

        Assert.Equal("200 bms https://api.bmsemea.kaseya.com/ emea Northwind False", Shown(moved));
        Assert.Equal($"integration.credentials {id} Untested changed", await LastAudit());
        Assert.Equal($"integration.address {id} https://api.bms.kaseya.com/ https://api.bmsemea.kaseya.com/", await LastAudit(1));
        Assert.Equal("hub hunter3", await Revealed(id));
    }

    [Fact]
    public async Task A_superuser_sees_the_secret_and_that_is_on_record_each_time()
    {
        var id = (await Bms()).Id;

        Assert.Equal("403 scope_insufficient", (await hub.Operator.Post($"/v1/integrations/{id}/reveal")).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/integrations/{id}/reveal")).Problem);
        Assert.Equal(0, await Reveals(id));
        var shown = await hub.Superuser.Post($"/v1/integrations/{id}/reveal");
        await hub.Superuser.Post($"/v1/integrations/{id}/reveal");

        Assert.Equal($$"""200 {"id":{{id}},"user":"hub","secret":"hunter2","integration_code":null,"tenant":"Northwind"}""", shown.Stable);
        Assert.Equal("no-store", shown.CacheControl);
        Assert.Equal(2, await Reveals(id));
        Assert.DoesNotContain("hunter2", (await hub.Superuser.Get("/v1/audit")).Text, StringComparison.Ordinal);
        Assert.StartsWith("Superuser key (", (string?)(await hub.Superuser.Get("/v1/audit?limit=1")).Json["items"]![0]!["actor"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_decrypted_is_no_mistake_of_ours()
    {
        var id = await hub.Integration("bms");

        Assert.Equal("409 secret_unreadable", (await hub.Superuser.Post($"/v1/integrations/{id}/reveal")).Problem);
    }

    [Fact]
    public async Task An_integration_that_nothing_hangs_on_is_removed_with_all_that_is_its_own()
    {
        var (id, name) = await Bms();
        await hub.Account(id);
        await hub.Operator.Post($"/v1/integrations/{id}/test");
        await hub.Sql("insert into vendor_circuit (integration_id, msp_id, opened_at, open_until, reason) values ($1, $2, now(), now(), 'server_error')", id, hub.Msp.Value);
        await hub.Sql("insert into vendor_budget (integration_id, endpoint, msp_id, window_minutes, allowed) values ($1, 'tickets', $2, 60, 1500)", id, hub.Msp.Value);
        await hub.Sql("insert into vendor_chunk (integration_id, endpoint, msp_id, calls) values ($1, 'tickets', $2, 25)", id, hub.Msp.Value);

        Assert.Equal("403 scope_insufficient", (await hub.Operator.Send(HttpMethod.Delete, $"/v1/integrations/{id}", null)).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Send(HttpMethod.Delete, $"/v1/integrations/{id}", null)).Problem);
        Assert.Equal(204, (await hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{id}", null)).Status);

        Assert.Equal("404 not_found", (await hub.Superuser.Get($"/v1/integrations/{id}")).Problem);
        Assert.Equal("404 not_found", (await hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{id}", null)).Problem);
        Assert.Equal(0, await hub.Sql("select (select count(*) from psa_account where integration_id = $1) + (select count(*) from run where grain_kind = 4 and grain_id = $1)", id));
        Assert.Equal($"integration.removed {id} bms {name} ", await LastAudit());
    }

    [Fact]
    public async Task What_was_made_by_mistake_can_be_made_anew_under_its_old_name()
    {
        var (id, name) = await Bms("uniview");
        Assert.Equal(1, await hub.Sql("select count(*) from reminder where grain_kind = 4 and grain_id = $1", id));

        await hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{id}", null);

        Assert.Equal(0, await hub.Sql("select count(*) from reminder where grain_kind = 4 and grain_id = $1", id));
        Assert.Equal(201, (await hub.Superuser.Post("/v1/integrations", New("uniview", name))).Status);
    }

    [Fact]
    public async Task An_integration_that_something_hangs_on_stays_and_says_what_does()
    {
        var (line, tenant, account, uniview) = await hub.FedLine();
        var psa = await hub.Sql("select integration_id from psa_account where id = $1", account);

        var refused = await hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{psa}", null);

        Assert.Equal("409 integration_in_use contracts lines organizations", refused.Problem);
        Assert.Equal("1 contracts were imported from it.", (string?)refused.Json["errors"]![0]!["message"]);
        Assert.Equal("409 integration_in_use tenants", (await hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{uniview}", null)).Problem);
        Assert.Equal(2, await hub.Sql("select count(*) from integration where id = $1 or id = $2", psa, uniview));
        Assert.True(line > 0 && tenant > 0);
    }

    [Fact]
    public void Every_kind_is_either_a_product_or_a_psa_and_its_regions_are_https() => Assert.All(IntegrationKind.All, kind =>
    {
        Assert.All(kind.Regions, region => Assert.Equal(("https", region.Name), (region.Address.Scheme, kind.RegionOf(region.Address))));
        Assert.Equal(kind.Name is "uniview" or "feed", kind.ReadsProducts);
    });

    private static string Shown(Answer answer) =>
        $"{answer.Status} {answer.Json["kind"]} {answer.Json["base_url"]} {answer.Json["region"]} {answer.Json["tenant"]} {(bool)answer.Json["reads_products"]!}";

    private static object New(string kind, string name) => kind == "bms"
        ? new { kind, name, region = "us", user = "hub", secret = "hunter2", tenant = "Northwind" }
        : new { kind, name, base_url = "https://vendor.test/", user = "hub", secret = "hunter2" };

    private async Task<(long Id, string Name)> Bms(string kind = "bms")
    {
        var name = hub.Name(kind);
        return ((long)(await hub.Superuser.Post("/v1/integrations", New(kind, name))).Json["id"]!, name);
    }

    private async Task<string> Revealed(long id)
    {
        var shown = (await hub.Superuser.Post($"/v1/integrations/{id}/reveal")).Json;
        return $"{shown["user"]} {shown["secret"]}";
    }

    private Task<long> Reveals(long id) => hub.Sql("select count(*) from audit where action = 'integration.revealed' and grain_kind = 4 and grain_id = $1", id);

    private async Task<string> LastAudit(int before = 0)
    {
        var entry = (await hub.Superuser.Get("/v1/audit?limit=2")).Json["items"]![before]!;
        return $"{entry["action"]} {entry["grain_id"]} {entry["before"]} {entry["after"]}";
    }
}
