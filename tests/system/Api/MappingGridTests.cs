using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Api;

/// <summary>The mapping grid, what it adds up to, and what is suggested for what is not mapped.</summary>
public sealed class MappingGridTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task The_grid_has_accounts_down_and_products_across_and_is_searched_and_narrowed_to_what_is_missing()
    {
        var (uniview, psa) = (await hub.Integration("uniview"), await hub.Integration("autotask"));
        var (acme, bolt, idle) = (await Account(psa, "Acme", true), await Account(psa, "Bolt", true), await Account(psa, "Idle", false));
        var (one, two) = (await Organization("Acme East"), await Organization("Acme West"));
        await Belongs(one, acme);
        await Belongs(two, acme);
        for (var i = 0; i < 12; i++) await Tenant(uniview, "spanning-m365", $"m365-{i:00}", one);
        await Tenant(uniview, "spanning-gws", "gws", two);
        await Tenant(uniview, "spanning-gws", "nowhere", null);

        var grid = (await hub.Viewer.Get($"/v1/mappings?integration={psa}")).Json["items"]!.AsArray();

        var named = string.Join(',', Enumerable.Range(0, 10).Select(i => $$"""{"id":*,"name":"m365-{{i:00}}"}"""));
        var organizations = $$"""{"count":2,"first":[{"id":{{one}},"name":"Acme East"},{"id":{{two}},"name":"Acme West"}]}""";
        Assert.Equal(
            $$$"""{"account":{"id":{{{acme}}},"name":"Acme"},"active":true,"integration_id":{{{psa}}},"organizations":{{{organizations}}},"cells":[{"product":"spanning-gws","tenants":{"count":1,"first":[{"id":*,"name":"gws"}]}},{"product":"spanning-m365","tenants":{"count":12,"first":[{{{named}}}]}}]}""",
            Tenants(grid[0]!));
        Assert.Equal(["Acme True 2 1 12", "Bolt True 0 0 0", "Idle False 0 0 0"], grid.Select(Short));
        Assert.Equal(["Bolt", "Idle"], await Names($"integration={psa}&missing=organization"));
        Assert.Equal(["Bolt", "Idle"], await Names($"integration={psa}&missing=spanning-gws"));
        Assert.Equal(["Acme"], await Names($"integration={psa}&q=WEST"));
        Assert.Equal(["Bolt"], await Names($"integration={psa}&q=bol&missing=spanning-m365"));
        Assert.Equal([acme, bolt, idle], await Pages($"integration={psa}"));
        Assert.Equal("400 validation_failed missing", (await hub.Viewer.Get("/v1/mappings?missing=backup")).Problem);
        Assert.Empty((await hub.Stranger.Get("/v1/mappings")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task The_summary_says_how_many_of_how_many_are_mapped()
    {
        await using var other = new Msp(hub);
        var viewer = await other.Viewer();
        await other.Sql("insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, reads_products) values (@m, 'autotask', 'a', 'https://v.test/', 'u', 's', false), (@m, 'uniview', 'u', 'https://v.test/', 'u', 's', true)");
        await other.Sql("insert into psa_account (msp_id, integration_id, remote_id, name, active) select @m, i.id, n::text, 'A' || n, n < 4 from integration i, generate_series(1, 4) n where i.msp_id = @m and i.kind = 'autotask'");
        await other.Sql("insert into organization (msp_id, name) select @m, 'O' || n from generate_series(1, 3) n");
        await other.Sql("insert into product_tenant (msp_id, integration_id, product, remote_id, name) select @m, i.id, 'spanning-gws', n::text, 'T' || n from integration i, generate_series(1, 5) n where i.msp_id = @m and i.kind = 'uniview'");
        await other.Sql("insert into organization_mapping (organization_id, version, from_on, msp_id, account_id) select o.id, 1, date '2026-01-01', @m, a.id from organization o join psa_account a on a.msp_id = @m and a.name = replace(o.name, 'O', 'A') where o.msp_id = @m and o.name <> 'O3'");
        await other.Sql("insert into tenant_mapping (tenant_id, version, from_on, msp_id, organization_id) select t.id, 1, date '2026-01-01', @m, o.id from product_tenant t join organization o on o.msp_id = @m and o.name = case when t.name < 'T4' then 'O1' else 'O3' end where t.msp_id = @m and t.name <> 'T5'");

        Assert.Equal(
            """200 {"accounts":{"mapped":2,"all":3},"organizations":{"mapped":2,"all":3},"products":[{"product":"spanning-gws","accounts":{"mapped":1,"all":3},"tenants":{"mapped":3,"all":5}},{"product":"spanning-m365","accounts":{"mapped":0,"all":3},"tenants":{"mapped":0,"all":0}}]}""",
            (await viewer.Get("/v1/mappings/summary")).Stable);
    }

    [Fact]
    public async Task Suggestions_go_by_the_vendors_id_then_by_name_and_leave_ambiguous_ones_open()
    {
        await using var other = new Msp(hub);
        var viewer = await other.Viewer();
        await other.Sql("insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, reads_products) values (@m, 'uniview', 'u', 'https://v.test/', 'u', 's', true), (@m, 'autotask', 'a', 'https://v.test/', 'u', 's', false)");
        await other.Sql("insert into organization (msp_id, name, remote_id) values (@m, 'Elsewhere', 'c-1'), (@m, 'Café Müller GmbH', null), (@m, 'Smith & Sons, Inc.', null), (@m, 'Smith and Sons Ltd', null), (@m, 'The Bakery', null)");
        await other.Sql("insert into product_tenant (msp_id, integration_id, product, remote_id, name, customer_remote_id) select @m, i.id, 'spanning-gws', x.n, x.n, x.c from integration i, (values ('Bakery', 'c-1'), ('cafe-muller', null), ('SMITH AND SONS', null), ('Unheard of', null), ('Inc.', null), ('bakery co', 'c-9')) as x(n, c) where i.msp_id = @m and i.kind = 'uniview' order by x.c nulls last, x.n");
        await other.Sql("insert into psa_account (msp_id, integration_id, remote_id, name, active) select @m, i.id, x.n, x.n, x.a from integration i, (values ('Elsewhere LLC', true), ('the bakery', false), ('Cafe Muller', true)) as x(n, a) where i.msp_id = @m and i.kind = 'autotask'");

        Assert.Equal(
            """
            Bakery -> Elsewhere same_remote_id 1
            bakery co -> The Bakery same_name 1
            cafe-muller -> Café Müller GmbH same_name 1
            Inc. -> nothing_alike 0
            SMITH AND SONS -> ambiguous 2
            Unheard of -> nothing_alike 0
            """,
            await Suggested(viewer, "tenants"));
        Assert.Equal(
            """
            Café Müller GmbH -> Cafe Muller same_name 1
            Elsewhere -> Elsewhere LLC same_name 1
            Smith & Sons, Inc. -> nothing_alike 0
            Smith and Sons Ltd -> nothing_alike 0
            The Bakery -> nothing_alike 0
            """,
            await Suggested(viewer, "organizations"));
        Assert.Equal("400 validation_failed of", (await viewer.Get("/v1/mappings/suggestions?of=people")).Problem);

        await other.Sql("insert into tenant_mapping (tenant_id, version, from_on, msp_id, organization_id) select t.id, 1, current_date + 30, @m, o.id from product_tenant t, organization o where t.msp_id = @m and o.msp_id = @m and o.name = 'The Bakery' and t.name <> 'Bakery'");
        Assert.Equal("Bakery -> Elsewhere same_remote_id 1", await Suggested(viewer, "tenants"));
    }

    private static async Task<string> Suggested(Door viewer, string of) => string.Join("\n", (await viewer.Get($"/v1/mappings/suggestions?of={of}")).Json["items"]!.AsArray()
        .Select(item => $"{item!["name"]} -> {(item["target"] is { } target ? $"{target["name"]} " : "")}{item["reason"]} {item["candidates"]}")
        .Order(StringComparer.OrdinalIgnoreCase));

    private static string Short(JsonNode? row) =>
        $"{row!["account"]!["name"]} {row["active"]} {row["organizations"]!["count"]} {row["cells"]![0]!["tenants"]!["count"]} {row["cells"]![1]!["tenants"]!["count"]}".Replace("true", "True", StringComparison.Ordinal).Replace("false", "False", StringComparison.Ordinal);

    /// <summary>Without the ids of tenants, which nobody chose.</summary>
    private static string Tenants(JsonNode row)
    {
        foreach (var cell in row["cells"]!.AsArray())
        foreach (var tenant in cell!["tenants"]!["first"]!.AsArray())
            tenant!["id"] = "*";
        return row.ToJsonString().Replace("\"*\"", "*", StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> Names(string query) =>
        (await hub.Viewer.Get($"/v1/mappings?{query}")).Json["items"]!.AsArray().Select(row => (string)row!["account"]!["name"]!).ToList();

    private async Task<IEnumerable<long>> Pages(string query)
    {
        var found = new List<long>();
        for (var cursor = ""; ;)
        {
            var page = (await hub.Viewer.Get($"/v1/mappings?{query}&limit=1{cursor}")).Json;
            found.AddRange(page["items"]!.AsArray().Select(row => (long)row!["account"]!["id"]!));
            if (page["next_cursor"] is not { } next) return found;
            cursor = $"&cursor={next}";
        }
    }

    private Task<long> Account(long psa, string name, bool active) =>
        hub.Sql("insert into psa_account (msp_id, integration_id, remote_id, name, active) values ($1, $2, $3, $3, $4) returning id", hub.Msp.Value, psa, name, active);

    private Task<long> Organization(string name) => hub.Sql("insert into organization (msp_id, name) values ($1, $2) returning id", hub.Msp.Value, name);

    private Task<long> Belongs(long organization, long account) => hub.Sql(
        "insert into organization_mapping (organization_id, version, from_on, msp_id, account_id) values ($1, 1, $2, $3, $4)", organization, hub.Night.AddDays(-30), hub.Msp.Value, account);

    private async Task Tenant(long uniview, string product, string name, long? organization)
    {
        var tenant = await hub.Sql(
            "insert into product_tenant (msp_id, integration_id, product, remote_id, name) values ($1, $2, $3, $4, $5) returning id", hub.Msp.Value, uniview, product, hub.Name("remote"), name);
        if (organization is { } its)
            await hub.Sql("insert into tenant_mapping (tenant_id, version, from_on, msp_id, organization_id) values ($1, 1, $2, $3, $4)", tenant, hub.Night.AddDays(-30), hub.Msp.Value, its);
    }

    /// <summary>An msp that nobody else writes to.</summary>
    private sealed class Msp(HubFixture hub) : IAsyncDisposable
    {
        private readonly List<Door> doors = [];
        private long id;

        public async Task<Door> Viewer()
        {
            id = await hub.Sql("insert into msp (name, zone, night_at) values ($1, 'UTC', '00:00') returning id", hub.Name("msp"));
            doors.Add(new(hub.BaseUrl, await hub.Key(new(id), Runtime.Keys.ApiScope.Viewer)));
            return doors[0];
        }

        public Task<long> Sql(string statement) => hub.Sql(statement.Replace("@m", id.ToString(global::System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));

        public ValueTask DisposeAsync()
        {
            foreach (var door in doors) door.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
