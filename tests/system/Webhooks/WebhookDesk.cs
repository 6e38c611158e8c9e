using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using UsageBilling.Api.Hosting;
using UsageBilling.Connectors;
using UsageBilling.Interfaces.Webhooks;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Webhooks;
using UsageBilling.Silo.Webhooks;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Connectors;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Webhooks;

/// <summary>An api that lets webhooks be on this machine, and the part of a silo that delivers, step by step.</summary>
public sealed class WebhookDesk : IAsyncLifetime
{
    private ApiServer api = null!;
    private ServiceProvider secrets = null!;

    public HubFixture Hub { get; } = new();

    public Door Door { get; private set; } = null!;

    public Door Operator { get; private set; } = null!;

    /// <summary>The way in of another msp.</summary>
    public Door Stranger { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Hub.InitializeAsync();
        api = await ApiServer.Start(
            new ApiOptions { ConnectionString = Hub.ConnectionString, RunWait = TimeSpan.FromMilliseconds(20), Receivers = new(AllowLoopback: true, []) }, default);
        Door = new(api.BaseUrl, await Hub.Key(Hub.Msp, ApiScope.Superuser));
        Operator = new(api.BaseUrl, await Hub.Key(Hub.Msp, ApiScope.Operator));
        Stranger = new(api.BaseUrl, await Hub.Key(Hub.OtherMsp, ApiScope.Superuser));
        secrets = SecretVault.AddTo(new ServiceCollection(), Hub.Source).BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        foreach (var door in (Door[])[Door, Operator, Stranger]) door.Dispose();
        await secrets.DisposeAsync();
        await api.DisposeAsync();
        await Hub.DisposeAsync();
    }

    /// <summary>A webhook that wants to hear of what it is asked for, and its secret.</summary>
    internal Task<Hook> Make(string url, params string[] events) => Make(Door, url, events);

    internal async Task<Hook> Make(Door door, string url, params string[] events)
    {
        var made = await door.Post("/v1/webhooks", new { name = Hub.Name("webhook"), url, events = events.Length > 0 ? events : [.. WebhookEvent.All] });
        Assert.True(made.Status == 201, made.Text);
        return new(door, (long)made.Json["webhook"]!["id"]!, (string)made.Json["secret"]!);
    }

    /// <summary>Couriers of a silo, which go out when a test says so.</summary>
    internal Couriers Couriers(WebhookTimes? times = null, Func<ConnectorOptions, ConnectorOptions>? bounds = null)
    {
        var options = new ConnectorOptions { AllowLoopback = true };
        var connectors = new ConnectorSet(bounds?.Invoke(options) ?? options, Hosting.Hub.Clock, new AllPermitted());
        return new(
            new WebhookCouriers(
                new DeliveryStore(Hub.Source), secrets.GetRequiredService<SecretVault>(), connectors, new WorkSignal(), times ?? new() { LookEvery = TimeSpan.Zero, Rest = TimeSpan.Zero },
                Hosting.Hub.Clock, NullLogger<WebhookCouriers>.Instance),
            connectors);
    }

    /// <summary>What failed is due now.</summary>
    internal Task DueNow(Hook hook) => Hub.Sql("update webhook_delivery set due_at = now() where webhook_id = $1 and state in ('failed', 'sending')", hook.Id);

    /// <summary>A resolver that leads every name to one address.</summary>
    internal static Func<string, CancellationToken, Task<IPAddress[]>> LeadsTo(string address) => (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) });
}

/// <summary>A webhook, and how it is asked about.</summary>
internal sealed record Hook(Door Door, long Id, string Secret)
{
    public string Path => $"/v1/webhooks/{Id}";

    public async Task<JsonNode> Test()
    {
        var written = await Door.Post($"{Path}/test");
        Assert.True(written.Status is 200 or 202, written.Text);
        return written.Json;
    }

    /// <summary>Its deliveries, the oldest first: event, state, attempts, status, code.</summary>
    public async Task<string> Log() => string.Join("\n", (await Deliveries()).Reverse().Select(row => $"{row["event"]} | {row["state"]} | {row["attempts"]} | {row["last_status"]?.ToString() ?? "-"} | {row["code"]?.ToString() ?? "-"}"));

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> Deliveries() => [.. (await Door.Get($"{Path}/deliveries")).Json["items"]!.AsArray().Select(row => row!)];
}

/// <summary>Couriers that go out together, and are waited for.</summary>
internal sealed class Couriers(WebhookCouriers couriers, ConnectorSet connectors) : IAsyncDisposable
{
    /// <summary>Sends them out.</summary>
    public Task Go(CancellationToken cancellation = default) => couriers.Dispatch(cancellation);

    public Task AllBack() => couriers.AllBack();

    /// <summary>Sends them out and waits until all are back.</summary>
    public async Task Round()
    {
        await Go();
        await AllBack();
    }

    public async ValueTask DisposeAsync()
    {
        await AllBack();
        await connectors.DisposeAsync();
    }
}
