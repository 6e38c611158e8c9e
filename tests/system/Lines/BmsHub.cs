using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using UsageBilling.Api.Hosting;
using UsageBilling.Connectors;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Runtime.Keys;
using UsageBilling.Sandbox;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Connectors;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Lines;

/// <summary>A hub with an api and the pretended BMS, imported; silos work while a test lets one.</summary>
internal sealed class BmsHub(Hub hub, ApiServer api, Door door) : IAsyncDisposable
{
    public const string Vendor = "bms-us";

    /// <summary>The vendor's contract and service that these stories are about: 18 units of its line 40001.</summary>
    public const string ContractRemoteId = "16001", Service = "40";

    /// <summary>wish | state | code | what the PSA got | sends | change</summary>
    private const string IntentTable = "select desired_units, state, code, effect, attempt, delta from intent order by id";

    /// <summary>Imported once in a test run, by the hub's own runs; every test has a copy.</summary>
    private static readonly Lazy<Task<string>> Frozen = new(Freeze);

    public Hub Hub => hub;

    public Door Door => door;

    public long Psa { get; private set; }

    public long Contract { get; private set; }

    /// <summary>The last night, which is today: the zone is UTC and nights begin at midnight.</summary>
    public DateOnly Night { get; private init; }

    public static async Task<BmsHub> Imported(bool withSettings = true)
    {
        var imported = await Frozen.Value;
        var bms = await Open(() => PostgresFixture.CopyOf(imported), fresh: false);
        bms.Psa = await bms.Hub.Scalar<long>("select id from integration");
        bms.Contract = await bms.Hub.Scalar<long>($"select id from contract where remote_id = '{ContractRemoteId}'");
        await bms.Hub.Sql($"update integration set base_url = '{bms.Hub.Sandbox.BaseUrl}{Vendor}/'");
        if (withSettings) await bms.Settings();
        return bms;
    }

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        await api.DisposeAsync();
        await hub.DisposeAsync();
    }

    /// <summary>A line of the service with a manual basis: 18 units at 3.50 since three weeks.</summary>
    public Task<long> Line(string? name = null) => LineOn(Contract, name);

    /// <summary>The same on each contract of the vendor's.</summary>
    public async Task<IReadOnlyList<long>> LineOfEachContract()
    {
        var lines = new List<long>();
        foreach (var (contract, _) in await hub.Pairs("select id, 0::bigint from contract order by id")) lines.Add(await LineOn(contract, null));
        return lines;
    }

    /// <summary>How often the vendor was asked for the lines of a service.</summary>
    public async Task<int> ReadsOfLines() => (await hub.Vendors.GetFromJsonAsync<JsonObject>(new Uri($"_sandbox/{Vendor}/traffic", UriKind.Relative)))!
        .Where(endpoint => endpoint.Key.Contains("relatedservices", StringComparison.OrdinalIgnoreCase)).Sum(endpoint => (int)endpoint.Value!["requests"]!);

    public Task<Answer> Add(object line) => door.Post($"/v1/contracts/{Contract}/lines", line);

    public async Task Give(long line, int units, DateOnly? on = null) => Assert.Equal(
        200, (await door.Put($"/v1/lines/{line}/units", new { units = units.ToString(CultureInfo.InvariantCulture), effective_on = Iso(on ?? Night) })).Status);

    /// <summary>A silo works until nothing is on its way any more.</summary>
    public async Task Work(string what)
    {
        await using var silo = await hub.StartSilo();
        await Settled(what);
    }

    public Task Settled(string what) => hub.Until(what, """
        select not exists (select 1 from intent where state in ('sending', 'in_doubt') or (state = 'pending' and code is distinct from 'waits_for_earlier'))
            and not exists (select 1 from ticket_write where state in ('pending', 'sending', 'in_doubt'))
            and not exists (select 1 from message where parked_reason is null)
        """);

    public Task<string> Intents() => hub.Table(IntentTable);

    public async Task<JsonNode> LastIntent() => (await door.Get("/v1/intents?limit=1")).Json["items"]![0]!;

    /// <summary>Sets a fault of the next call that adds a line.</summary>
    public Task FaultOnAdding(string kind, int times = 1) => Fault(kind, $"recurringservices/{ContractRemoteId}/services", times);

    /// <summary>Sets a fault of the next calls that ask for the lines of a service.</summary>
    public Task FaultOnLines(string kind, int times) => Fault(kind, "relatedservices", times);

    /// <summary>Waits until a request is in the vendor's hands without an answer.</summary>
    public async Task Held()
    {
        using var answer = await hub.Vendors.GetAsync(new Uri($"_sandbox/{Vendor}/held?count=1", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Lines that the vendor was made to add: service, units, price and day, which is N for the night.</summary>
    public async Task<string> LinesAdded() => string.Join("\n", (await Journal("/services")).Select(entry => entry["body"]!).Select(body => (body as JsonArray)?[0] ?? body)
        .Select(body => string.Create(CultureInfo.InvariantCulture, $"{body["ServiceId"]} {body["Units"]} {(decimal)body["UnitPrice"]!:0.##} {Named($"{body["EffectiveDate"]}"[..10])}")));

    /// <summary>Titles of the tickets that the vendor was made to open, without their marks.</summary>
    public async Task<string> TicketsOpened() => string.Join("\n", (await Journal("/tickets")).Select(entry => Named($"{entry["body"]!["Title"]}".Split(" [")[0])));

    /// <summary>Somebody else adds a line of the service to the contract.</summary>
    public async Task SomebodyAdds(int units)
    {
        await using var set = new ConnectorSet(new ConnectorOptions { AllowLoopback = true }, Hub.Clock, new AllPermitted());
        var access = new VendorAccess(new IntegrationId(99), new Uri(hub.Sandbox.BaseUrl, Vendor), Demo.BmsUser, Demo.Secret, "Demo MSP");
        Assert.IsType<SendOutcome.Applied>(await set.PsaLinesOf("bms")!.AddLine(access, new(ContractRemoteId, Service, "By hand", units, 3.5m, 2.1m, Night), default));
    }

    public async Task Settings(params (string Field, string? Value)[] others)
    {
        var settings = new JsonObject
        {
            ["account"] = await hub.Scalar<string>("select remote_id from psa_account where name = 'Demo MSP'"), ["status"] = await Value("status", "New"), ["queue"] = await Value("queue", null),
            ["priority_moderate"] = await Value("priority", "Medium"), ["type"] = await Value("ticket_type", "Alert"), ["source"] = await Value("source", "Monitoring System"),
        };
        foreach (var (field, value) in others) settings[field] = value;
        Assert.Equal(200, (await door.Put($"/v1/integrations/{Psa}/settings", new { settings })).Status);
    }

    public async Task<string> Breaches() => string.Join("\n", await new InvariantStore(hub.Database).Breaches(VendorView.Nothing, null, default));

    public static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async Task Fault(string kind, string match, int times)
    {
        var fault = new JsonObject { ["kind"] = kind, ["match"] = match, ["method"] = "POST", ["times"] = times };
        using var answer = await hub.Vendors.PostAsJsonAsync(new Uri($"_sandbox/{Vendor}/faults", UriKind.Relative), fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<BmsHub> Open(Func<Task<string>> database, bool fresh)
    {
        var hub = new Hub(new HubOrigin(database, Announce: fresh, Keep: fresh));
        await hub.InitializeAsync();
        if (fresh) await hub.Sql("insert into msp (name, zone, night_at) values ('Northwind', 'UTC', '00:00')");
        var api = await ApiServer.Start(new ApiOptions { ConnectionString = hub.ConnectionString, RunWait = TimeSpan.FromMinutes(1) }, default);
        return new BmsHub(hub, api, new Door(api.BaseUrl, await new ApiKeys(hub.Database).Create(new(1), "test", ApiScope.Superuser, default)))
        {
            Night = DateOnly.ParseExact(await hub.Scalar<string>("select (now() at time zone 'utc')::date::text"), "yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    private static async Task<string> Freeze()
    {
        var bms = await Open(PostgresFixture.FreshDatabase, fresh: true);
        await bms.Connect();
        await bms.DisposeAsync();
        await PostgresFixture.Freeze(bms.Hub.ConnectionString);
        return bms.Hub.ConnectionString;
    }

    private async Task<long> LineOn(long contract, string? name)
    {
        var line = new { service = Service, name, units = "18", from = Iso(Night.AddDays(-20)), price = "3.50", cost = "2.10", basis = new { kind = "manual" } };
        var added = await door.Post($"/v1/contracts/{contract}/lines", line);
        Assert.True(added.Status == 201, added.Text);
        return (long)added.Json["id"]!;
    }

    private string Named(string text) => text.Replace(Iso(Night), "N", StringComparison.Ordinal);

    private async Task<IEnumerable<JsonNode>> Journal(string ending) => (await hub.Vendors.GetFromJsonAsync<JsonArray>(new Uri($"_sandbox/{Vendor}/journal", UriKind.Relative)))!
        .Select(entry => entry!).Where(entry => (string?)entry["method"] == "POST" && ((string)entry["path"]!).EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private async Task Connect()
    {
        var integration = new
        {
            kind = "bms", name = "BMS", base_url = $"{hub.Sandbox.BaseUrl}{Vendor}/", user = Demo.BmsUser, secret = Demo.Secret, tenant = "Demo MSP",
        };
        var psa = (long)(await door.Post("/v1/integrations", integration)).Json["id"]!;
        await using (await hub.StartSilo())
        {
            foreach (var what in new[] { "test", "import", "lookups" }) Assert.Equal("done", (string?)(await door.Post($"/v1/integrations/{psa}/{what}")).Json["state"]);
        }
    }

    private async Task<string> Value(string list, string? name)
    {
        var values = (await door.Get($"/v1/integrations/{Psa}/lookups?list={list}&active=true&limit=200")).Json["items"]!.AsArray();
        return (string)values.First(value => name is null || (string?)value!["name"] == name)!["remote_id"]!;
    }
}
