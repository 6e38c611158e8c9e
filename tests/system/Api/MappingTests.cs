namespace UsageBilling.Tests.System.Api;

public sealed class MappingTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private string Night => On(0);

    [Fact]
    public async Task An_organization_is_created_once_by_name()
    {
        var name = hub.Name("Contoso");

        var created = await hub.Operator.Post("/v1/organizations", new { name, remote_id = "c-7" });
        var id = (long)created.Json["id"]!;

        Assert.Equal($$"""201 {"id":{{id}},"name":"{{name}}","remote_id":"c-7","account":null,"mappings":[],"created_at":"*"}""", created.Stable);
        Assert.Equal($"/v1/organizations/{id}", created.Location);
        Assert.Equal("409 name_taken", (await hub.Operator.Post("/v1/organizations", new { name = $" {name} " })).Problem);
        Assert.Equal(201, (await hub.Stranger.Post("/v1/organizations", new { name })).Status);
    }

    [Fact]
    public async Task An_organization_is_mapped_from_the_last_night_and_planned_for_later()
    {
        var (organization, account) = (await hub.Organization(), await hub.Account(await hub.Integration("autotask")));
        var name = (string)(await hub.Viewer.Get($"/v1/organizations/{organization}")).Json["name"]!;
        var customer = (string)(await hub.Viewer.Get($"/v1/accounts?limit=200")).Json["items"]!.AsArray().Single(item => (long)item!["id"]! == account)!["name"]!;

        await hub.Operator.Put($"/v1/organizations/{organization}/account", new { account_id = account });
        var planned = await hub.Operator.Put($"/v1/organizations/{organization}/account", new { account_id = (long?)null, from = On(10) });

        var target = $$"""{"id":{{account}},"name":"{{customer}}"}""";
        Assert.Equal(
            $$"""200 {"id":{{organization}},"name":"{{name}}","remote_id":null,"account":{{target}},"mappings":[{"target":{{target}},"from":"{{Night}}","until":"{{On(10)}}"}],"created_at":"*"}""",
            planned.Stable);
        Assert.Equal(planned.Stable, (await hub.Viewer.Get($"/v1/organizations/{organization}")).Stable);
    }

    [Fact]
    public async Task A_mapping_that_grains_refuse_says_their_code()
    {
        var (organization, account) = (await hub.Organization(), await hub.Account(await hub.Integration("autotask")));
        var address = $"/v1/organizations/{organization}/account";
        await hub.Operator.Put(address, new { account_id = account });

        Assert.Equal("409 nothing_changed", (await hub.Operator.Put(address, new { account_id = account })).Problem);
        Assert.Equal("422 date_too_old", (await hub.Operator.Put(address, new { account_id = account, from = On(-185) })).Problem);
        Assert.Equal("422 date_too_far", (await hub.Operator.Put(address, new { account_id = account, from = On(367) })).Problem);
        Assert.Equal("422 date_too_old", (await hub.Operator.Put(address, new { account_id = account, from = "0001-01-01" })).Problem);
        Assert.Equal("422 date_too_far", (await hub.Operator.Put(address, new { account_id = account, from = "9999-12-31" })).Problem);
        Assert.Equal("400 validation_failed from", (await hub.Operator.Put(address, new { account_id = account, from = "21/11/2026" })).Problem);
        Assert.Equal("400 validation_failed account_id", (await hub.Operator.Put(address, new { account_id = "7" })).Problem);
        Assert.Equal("400 validation_failed account_id", (await hub.Operator.Put(address, new { from = Night })).Problem);
    }

    [Fact]
    public async Task A_tenant_is_mapped_and_shows_its_counts()
    {
        var uniview = await hub.Integration("uniview");
        var (tenant, organization) = (await hub.Tenant(uniview), await hub.Organization());
        await hub.Sql(
            "insert into tenant_count (tenant_id, metric, msp_id, units, evidence, reason, night, observed_at) values"
            + " ($1, 'standard_licences', $2, 46.50, 5, null, $3, now()), ($1, 'archived_licences', $2, null, 2, 'count_missing', $3, now())",
            tenant, hub.Msp.Value, hub.Night);

        Assert.Equal([tenant], await Ids(hub.Viewer, $"/v1/tenants?integration={uniview}&product=spanning-m365&mapped=false&q=TENANT"));
        var mapped = await hub.Operator.Put($"/v1/tenants/{tenant}/organization", new { organization_id = organization });

        var counts = $$"""[{"metric":"archived_licences","units":null,"evidence":"partial","reason":"count_missing","night":"{{Night}}","observed_at":"*"},{"metric":"standard_licences","units":"46.5","evidence":"unmapped","reason":null,"night":"{{Night}}","observed_at":"*"}]""";
        var target = $$"""{"id":{{organization}},"name":"{{mapped.Json["organization"]!["name"]}}"}""";
        Assert.EndsWith(
            $$""","customer_remote_id":null,"organization":{{target}},"counts":{{counts}},"mappings":[{"target":{{target}},"from":"{{Night}}","until":null}]}""",
            mapped.Stable, StringComparison.Ordinal);
        Assert.Equal([tenant], await Ids(hub.Viewer, $"/v1/tenants?integration={uniview}&mapped=true"));
        Assert.Empty(await Ids(hub.Viewer, $"/v1/tenants?integration={uniview}&mapped=false"));
        Assert.Empty(await Ids(hub.Viewer, $"/v1/tenants?integration={uniview}&product=spanning-gws"));
    }

    [Fact]
    public async Task What_belongs_to_another_msp_is_not_there()
    {
        var fed = await hub.FedLine();
        var organization = await hub.Organization();

        foreach (var path in (string[])[$"/v1/lines/{fed.Line}", $"/v1/lines/{fed.Line}/counts", $"/v1/lines/{fed.Line}/ledger", $"/v1/tenants/{fed.Tenant}",
            $"/v1/organizations/{organization}", $"/v1/integrations/{fed.Uniview}", $"/v1/nights/{Night}", $"/v1/nights/{Night}/result", "/v1/runs/1", "/v1/holds/1", "/v1/intents/1"])
            Assert.Equal("404 not_found", (await hub.Stranger.Get(path)).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put($"/v1/tenants/{fed.Tenant}/organization", new { organization_id = (long?)null })).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put($"/v1/organizations/{organization}/account", new { account_id = (long?)null })).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put($"/v1/lines/{fed.Line}/basis", new { kind = "manual" })).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/lines/{fed.Line}/refresh")).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/integrations/{fed.Uniview}/test")).Problem);
        var theirs = (long)(await hub.Stranger.Post("/v1/organizations", new { name = hub.Name("theirs") })).Json["id"]!;
        Assert.Equal("404 account_unknown", (await hub.Stranger.Put($"/v1/organizations/{theirs}/account", new { account_id = fed.Account })).Problem);
        Assert.Equal("404 organization_unknown", (await hub.Operator.Put($"/v1/tenants/{fed.Tenant}/organization", new { organization_id = theirs })).Problem);
        Assert.Equal([], await Ids(hub.Stranger, "/v1/lines"));
    }

    [Fact]
    public async Task Pages_hold_everything_once_in_order_while_rows_are_added()
    {
        var psa = await hub.Integration("autotask");
        var accounts = new List<long>();
        for (var i = 0; i < 5; i++) accounts.Add(await hub.Account(psa));

        var first = await hub.Viewer.Get($"/v1/accounts?integration={psa}&limit=2");
        accounts.Add(await hub.Account(psa));
        var second = await hub.Viewer.Get($"/v1/accounts?integration={psa}&limit=2&cursor={first.Json["next_cursor"]}");
        var third = await hub.Viewer.Get($"/v1/accounts?integration={psa}&limit=2&cursor={second.Json["next_cursor"]}");

        Assert.Equal(accounts, new[] { first, second, third }.SelectMany(page => page.Json["items"]!.AsArray().Select(item => (long)item!["id"]!)));
        Assert.Null(third.Json["next_cursor"]);
        foreach (var wrong in (string[])["limit=0", "limit=201", "limit=-1"])
            Assert.Equal("400 validation_failed limit", (await hub.Viewer.Get($"/v1/accounts?{wrong}")).Problem);
        foreach (var wrong in (string[])["cursor=x", "cursor=MS4y!", "cursor=MTIz"])
            Assert.Equal("400 validation_failed cursor", (await hub.Viewer.Get($"/v1/accounts?{wrong}")).Problem);
    }

    private static async Task<IEnumerable<long>> Ids(Door door, string path) =>
        (await door.Get(path)).Json["items"]!.AsArray().Select(item => (long)item!["id"]!).ToList();

    private string On(int days) => hub.Night.AddDays(days).ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture);
}
