using System.Net.Http.Json;
using System.Text.Json.Nodes;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Sandbox;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Desk;

/// <summary>From the api over a silo to a pretended vendor's own protocol and back: a PSA is connected, imported, set up, and has one ticket for what it is told of.</summary>
public sealed class WholeDeskTests
{
    [Theory]
    [InlineData("autotask", "autotask", "New", "Complete", "Alder Dental Ltd", "11 accounts, 10 contracts and 19 service lines.")]
    [InlineData("bms", "bms-us", "New", "Completed", "Cedar Freight Inc.", "5 accounts, 3 contracts and 0 service lines. 6 lines were left out: this PSA does not tell how many units they have.")]
    [InlineData("vorex", "vorex", "New", "Completed", null, null)]
    public async Task A_psa_is_connected_imported_set_up_and_has_one_ticket_for_an_alert(string kind, string vendor, string opens, string closes, string? account, string? imported)
    {
        await using var psa = await Connected.Start(kind, vendor);
        Assert.Equal("200 done credentials_valid", await psa.Run("test"));
        Assert.Equal("200 done imported", await psa.Run("import"));
        if (imported is not null) Assert.Equal(imported, (string?)psa.LastRun["sentence"]);
        Assert.Equal("200 done lookups_read", await psa.Run("lookups"));

        var chosen = await psa.Account(account);
        var settings = new JsonObject
        {
            ["account"] = chosen.RemoteId, ["status"] = await psa.Value("status", opens), ["close_status"] = await psa.Value("status", closes), ["queue"] = await psa.Value("queue", null),
            ["priority_critical"] = await psa.Value("priority", "Critical"), ["priority_moderate"] = await psa.Value("priority", "Medium"), ["priority_information"] = await psa.Value("priority", "Low"), ["priority_low"] = "do_not_sync",
        };
        if (kind != "autotask")
        {
            settings["location"] = await psa.Value("location", null, chosen.Id);
            settings["type"] = await psa.Value("ticket_type", "Alert");
            settings["source"] = await psa.Value("source", "Monitoring System");
        }

        Assert.Equal(200, (await psa.Door.Put($"/v1/integrations/{psa.Id}/settings", new { settings })).Status);
        Assert.Equal("200 done ticket_opened", await psa.Run("test-ticket"));
        Assert.NotNull((string?)psa.LastRun["ticket"]!["number"]);

        foreach (var state in new[] { "raised", "raised", "cleared" })
        {
            Assert.InRange((await psa.Tell("backup-17", state, "critical")).Status, 200, 201);
            await psa.Settled();
        }

        await psa.Tell("nothing much", "raised", "low");
        await psa.Settled();
        var tickets = (await psa.Door.Get($"/v1/tickets?account={chosen.Id}")).Json["items"]!.AsArray();
        Assert.Equal(["closed Backup failed", "open Test ticket of the billing hub"], tickets.Select(ticket => $"{ticket!["state"]} {ticket["title"]}").Order(StringComparer.Ordinal));
        Assert.Equal(2, await psa.TicketsMade());
    }

    /// <summary>A hub with an api, a silo and one PSA of the sandbox.</summary>
    private sealed class Connected(Hub hub, ApiServer api, Silo.SiloServer silo, Door door, string vendor) : IAsyncDisposable
    {
        public Door Door => door;

        public long Id { get; private set; }

        public JsonNode LastRun { get; private set; } = new JsonObject();

        public static async Task<Connected> Start(string kind, string vendor)
        {
            var hub = new Hub();
            await hub.InitializeAsync();
            var msp = await hub.Scalar<long>("insert into msp (name, zone, night_at) values ('Northwind', 'UTC', '00:00') returning id");
            var api = await ApiServer.Start(new ApiOptions { ConnectionString = hub.ConnectionString, RunWait = TimeSpan.FromMinutes(1) }, default);
            var door = new Door(api.BaseUrl, await new ApiKeys(hub.Database).Create(new(msp), "test", ApiScope.Superuser, default));
            var psa = new Connected(hub, api, await hub.StartSilo(), door, vendor);
            var integration = new JsonObject { ["kind"] = kind, ["name"] = kind, ["base_url"] = $"{hub.Sandbox.BaseUrl}{vendor}/", ["secret"] = Demo.Secret };
            (integration["user"], integration[kind == "autotask" ? "integration_code" : "tenant"]) =
                kind == "autotask" ? (Demo.AutotaskUser, Demo.IntegrationCode) : (Demo.BmsUser, kind == "vorex" ? "Demo MSP Vorex" : "Demo MSP");
            psa.Id = (long)(await door.Send(HttpMethod.Post, "/v1/integrations", JsonContent.Create(integration))).Json["id"]!;
            return psa;
        }

        public async ValueTask DisposeAsync()
        {
            door.Dispose();
            await silo.DisposeAsync();
            await api.DisposeAsync();
            await hub.DisposeAsync();
        }

        public async Task<string> Run(string what)
        {
            var answer = await door.Post($"/v1/integrations/{Id}/{what}");
            LastRun = answer.Json;
            return $"{answer.Status} {LastRun["state"]} {LastRun["code"]}";
        }

        public async Task<(long Id, string RemoteId)> Account(string? name)
        {
            var accounts = (await door.Get("/v1/accounts?limit=200")).Json["items"]!.AsArray();
            var chosen = accounts.First(account => name is null || (string?)account!["name"] == name)!;
            return ((long)chosen["id"]!, (string)chosen["remote_id"]!);
        }

        public async Task<string> Value(string list, string? name, long? account = null)
        {
            var of = account is { } id ? $"&account={id}" : "";
            var values = (await door.Get($"/v1/integrations/{Id}/lookups?list={list}&active=true&limit=200{of}")).Json["items"]!.AsArray();
            return (string)values.First(value => name is null || (string?)value!["name"] == name)!["remote_id"]!;
        }

        public Task<Answer> Tell(string identity, string state, string severity) => door.Post(
            "/v1/alerts", new { identity, state, severity = state == "raised" ? severity : null, title = state == "raised" ? "Backup failed" : null, integration_id = Id });

        public Task Settled() => hub.Until("the tickets", "select not exists (select 1 from ticket_write where state in ('pending', 'sending', 'in_doubt'))");

        /// <summary>How many tickets the vendor says it made.</summary>
        public async Task<int> TicketsMade()
        {
            var journal = await hub.Vendors.GetFromJsonAsync<JsonArray>(new Uri($"_sandbox/{vendor}/journal", UriKind.Relative));
            return journal!.Count(entry => (string?)entry!["method"] == "POST" && ((string)entry["path"]!).EndsWith("/tickets", StringComparison.OrdinalIgnoreCase));
        }
    }
}
