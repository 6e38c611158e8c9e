using System.Text.Json.Nodes;
using Npgsql;
using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Keys;
using UsageBilling.Silo;
using UsageBilling.Silo.Intents;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Desk;

/// <summary>A hub whose PSA's desk is pretended, and whose api waits for runs as long as it takes.</summary>
public sealed class DeskHub : IAsyncLifetime
{
    private readonly HubFixture hub = new();
    private ApiServer? patient;

    public HubFixture Hub => hub;

    /// <summary>An operator's way in.</summary>
    public Door Door { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await hub.InitializeAsync();
        patient = await ApiServer.Start(new ApiOptions { ConnectionString = hub.ConnectionString, RunWait = TimeSpan.FromMinutes(1) }, default);
        Door = new(patient.BaseUrl, await hub.Key(hub.Msp, ApiScope.Operator));
        await hub.Sql("create function announce() returns trigger language plpgsql as $$ begin perform pg_notify('changed', ''); return null; end $$");
        foreach (var table in new[] { "ticket_write", "integration", "run" })
            await hub.Sql($"create trigger a after insert or update on {table} for each statement execute function announce()");
    }

    public async Task DisposeAsync()
    {
        Door.Dispose();
        if (patient is not null) await patient.DisposeAsync();
        await hub.DisposeAsync();
    }

    /// <summary>A BMS with an encrypted secret.</summary>
    public async Task<long> Bms() => (long)(await hub.Superuser.Post(
        "/v1/integrations", new { kind = "bms", name = hub.Name("BMS"), region = "us", user = "hub", secret = "hunter2", tenant = "Northwind" })).Json["id"]!;

    /// <summary>A BMS whose lists are read, as <see cref="PretendDesk.UsualValues"/> has them, with the accounts 1 and 2.</summary>
    public async Task<long> BmsWithLists()
    {
        var integration = await Bms();
        foreach (var account in new[] { "1", "2" })
            await hub.Sql("insert into psa_account (msp_id, integration_id, remote_id, name, active) values ($1, $2, $3, $4, true)", hub.Msp.Value, integration, account, $"Account {account}");
        foreach (var value in PretendDesk.UsualValues)
        {
            await hub.Sql(
                "insert into desk_value (msp_id, integration_id, list, parent_remote_id, remote_id, name, active, preset, seen_in) values ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
                hub.Msp.Value, integration, Interfaces.Desk.DeskListName.Of(value.List), value.ParentRemoteId ?? "", value.RemoteId, value.Name, value.Active, value.Preset);
        }

        return integration;
    }

    /// <summary>An organization that is mapped to an account of the PSA since long, or to none.</summary>
    public async Task<long> Organization(long integration, string? account)
    {
        var organization = await hub.Organization();
        if (account is not null)
        {
            await hub.Sql(
                "insert into organization_mapping (organization_id, version, from_on, msp_id, account_id) select $1, 1, $2, $3, id from psa_account where integration_id = $4 and remote_id = $5",
                organization, hub.Night.AddDays(-30), hub.Msp.Value, integration, account);
        }

        return organization;
    }

    public Task<SiloServer> StartSilo(IPsaDesk desk) => SiloServer.Start(
        new SiloOptions
        {
            ConnectionString = hub.ConnectionString,
            Clock = Hosting.Hub.Clock,
            PokeEvery = TimeSpan.FromSeconds(1),
            Desks = [desk],
            Intents = new IntentTimes
            {
                CheckAfter = [TimeSpan.FromMilliseconds(50)], UnchangedFor = TimeSpan.FromMilliseconds(200), RetryAfter = TimeSpan.FromMilliseconds(50), RetryAfterMax = TimeSpan.FromMilliseconds(100),
            },
        },
        default);

    /// <summary>Waits until nothing is owed to the PSA any more, or a person must look.</summary>
    public Task Settled(long integration) => Until(
        "everything about the tickets", $"select not exists (select 1 from ticket_write where integration_id = {integration} and state in ('pending', 'sending', 'in_doubt'))");

    /// <summary>Waits until a condition over the database holds, looking again after each commit.</summary>
    public async Task Until(string what, string condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var listener = await hub.Source.OpenConnectionAsync(timeout.Token);
        await using (var listen = new NpgsqlCommand("listen changed", listener)) await listen.ExecuteNonQueryAsync(timeout.Token);
        try
        {
            while (!await Holds(condition, timeout.Token)) await listener.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"This did not arrive in 60 s: {what}.");
        }
    }

    private async Task<bool> Holds(string condition, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // a test's own text
        await using var command = hub.Source.CreateCommand(condition);
#pragma warning restore CA2100
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Settings as one line: field, value and where it comes from, of those that somebody or something sets.</summary>
    public static string Said(JsonNode settings) => string.Join(", ", settings["settings"]!.AsArray()
        .Where(setting => (string)setting!["from"]! != "none").Select(setting => $"{setting!["field"]} {(string?)setting["value"] ?? "-"} {setting["from"]}"));
}
