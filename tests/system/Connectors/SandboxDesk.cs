using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using UsageBilling.Connectors;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>The sandbox's vendors on a real port, the connectors, and one clock for both.</summary>
internal sealed class SandboxDesk : IAsyncDisposable
{
    private readonly SandboxServer _server;
    private readonly HttpClient _control;

    private SandboxDesk(SandboxServer server, HandClock clock)
    {
        _server = server;
        Clock = clock;
        _control = new HttpClient { BaseAddress = server.BaseUrl };
        Set = new ConnectorSet(new ConnectorOptions { AllowLoopback = true, RetryDelay = TimeSpan.Zero, BreakerCallsMin = 1000 }, clock, new AllPermitted());
    }

    public HandClock Clock { get; }

    public ConnectorSet Set { get; }

    public IPsaConnector Autotask => Set.PsaConnector("autotask")!;

    public IPsaDesk AutotaskTickets => Set.PsaDesk("autotask")!;

    public IProductSource UniView => Set.ProductSource("uniview")!;

    public VendorAccess AutotaskAccess => new(new IntegrationId(1), new Uri(_server.BaseUrl, "autotask"), Demo.AutotaskUser, Demo.Secret, Demo.IntegrationCode);

    public IPsaConnector Bms => Set.PsaConnector("bms")!;

    public IPsaLines BmsLines => Set.PsaLinesOf("bms")!;

    public IPsaDesk BmsDesk => Set.PsaDesk("bms")!;

    public VendorAccess UniViewAccess => new(new IntegrationId(2), new Uri(_server.BaseUrl, "uniview"), Demo.ClientId, Demo.Secret, "");

    /// <summary>Access to one of Kaseya's servers: <c>bms-us</c>, <c>bms-emea</c> or <c>vorex</c>.</summary>
    public VendorAccess BmsAccess(string server, string company = "Demo MSP") => new(new IntegrationId(3), new Uri(_server.BaseUrl, server), Demo.BmsUser, Demo.Secret, company);

    public static async Task<SandboxDesk> Open(string? seed = null)
    {
        var clock = new HandClock();
        return new SandboxDesk(await SandboxServer.Start(new SandboxOptions { Time = clock, Seed = seed }, CancellationToken.None), clock);
    }

    /// <summary>Sets a fault for the requests whose path contains <paramref name="match"/>.</summary>
    public async Task Fault(string vendor, string kind, string match, int times = 1, int? retryAfterSeconds = null)
    {
        var fault = new JsonObject { ["kind"] = kind, ["match"] = match, ["times"] = times, ["retry_after_seconds"] = retryAfterSeconds };
        using var answer = await _control.PostAsJsonAsync($"_sandbox/{vendor}/faults", fault);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Somebody else uses up so many of Autotask's calls of the hour.</summary>
    public async Task Strangers(int calls)
    {
        using var answer = await _control.PostAsJsonAsync("_sandbox/autotask/traffic", new JsonObject { ["strangers"] = calls });
        answer.EnsureSuccessStatusCode();
    }

    public async Task ForeignEdit(long line, int unitChange, string on)
    {
        var fault = new JsonObject { ["kind"] = "foreign_edit", ["contract_service_id"] = line, ["unit_change"] = unitChange, ["effective_date"] = on };
        using var answer = await _control.PostAsJsonAsync("_sandbox/autotask/faults", fault);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until a request is held without an answer, then lets the call's time limit pass.</summary>
    public async Task LetTheCallTimeOut(string vendor)
    {
        await Held(vendor, 1);
        Clock.Advance(TimeSpan.FromSeconds(30));
    }

    public async Task Held(string vendor, int count)
    {
        using var held = await _control.GetAsync(new Uri($"_sandbox/{vendor}/held?count={count}", UriKind.Relative));
        held.EnsureSuccessStatusCode();
    }

    /// <summary>Clears the faults and lets everybody who is held go on.</summary>
    public async Task Release(string vendor)
    {
        using var released = await _control.DeleteAsync(new Uri($"_sandbox/{vendor}/faults", UriKind.Relative));
        released.EnsureSuccessStatusCode();
    }

    /// <summary>The writes the vendor applied: line, day, change.</summary>
    public async Task<IReadOnlyList<string>> Journal(string vendor = "autotask")
    {
        var entries = await _control.GetFromJsonAsync<JsonArray>($"_sandbox/{vendor}/journal");
        return [.. entries!.Select(entry => string.Create(CultureInfo.InvariantCulture,
            $"{entry!["contract_service_id"]} {entry["effective_date"]} {entry["unit_change"]}{((bool)entry["foreign"]! ? " foreign" : "")}"))];
    }

    /// <summary>The writes Autotask applied: what was done to what.</summary>
    public async Task<IReadOnlyList<string>> Writes()
    {
        var entries = await _control.GetFromJsonAsync<JsonArray>("_sandbox/autotask/journal");
        return [.. entries!.Select(entry => $"{entry!["method"]} {entry["entity"]} {entry["item_id"]}")];
    }

    public async ValueTask DisposeAsync()
    {
        await Set.DisposeAsync();
        _control.Dispose();
        await _server.DisposeAsync();
    }
}
