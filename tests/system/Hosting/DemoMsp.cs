using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UsageBilling.Connectors;
using UsageBilling.Grains.Integration;
using UsageBilling.Grains.Organization;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Silo;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>The demo's msp on a hub of its own: begins in a moment, because it is a copy of one that was set up once.</summary>
internal sealed class DemoMsp : IAsyncDisposable
{
    /// <summary>Nothing is on its way any more: every message taken, every intent settled, every due tenant read.</summary>
    public const string Quiet = """
        select not exists (select 1 from message where parked_reason is null)
            and not exists (select 1 from intent where state in ('pending', 'sending', 'in_doubt'))
            and not exists (select 1 from reminder r where r.grain_kind in (1, 4) and r.parked_reason is null and r.due_at <= now())
            and not exists (select 1 from run where state = 'running')
            and not exists (select 1 from night where state = 'running')
        """;

    public static readonly MspId Msp = new(1);
    public static readonly IntegrationId Autotask = new(1), UniView = new(2);

    private readonly NpgsqlDataSource source;

    public DemoMsp(Hub hub, string? state)
    {
        (Hub, State) = (hub, state);
        source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(hub.ConnectionString) { Options = "-c lock_timeout=2s", ApplicationName = "test-api" });
        Organizations = new(source, new OrganizationGrain(), new OrganizationTable(), Signal);
        Tenants = new(source, new ProductTenantGrain(), new ProductTenantTable(), Signal);
        Lines = new(source, new ServiceLineGrain(), new ServiceLineTable(), Signal);
        Integrations = new(source, new IntegrationGrain(), new IntegrationTable(), Signal);
        Psa = new(hub);
    }

    public Hub Hub { get; }

    /// <summary>The sandbox's state file; null when it keeps none.</summary>
    public string? State { get; }

    public PsaWindow Psa { get; }

    public WorkSignal Signal { get; } = new();

    public TurnEngine<OrganizationState, OrganizationMessage> Organizations { get; }

    public TurnEngine<ProductTenantState, ProductTenantMessage> Tenants { get; }

    public TurnEngine<ServiceLineState, ServiceLineMessage> Lines { get; }

    public TurnEngine<IntegrationState, IntegrationMessage> Integrations { get; }

    /// <summary>Imported and mapped, every line with its basis; no night has been read.</summary>
    public static Task<DemoMsp> Mapped(string? seed = null) => DemoSnapshot.Mapped.Copy(seed);

    /// <summary>As <see cref="Mapped"/>, and the first night is read, posted and confirmed.</summary>
    public static Task<DemoMsp> AfterFirstNight() => DemoSnapshot.FirstNight.Copy();

    public Task<SiloServer> StartSilo() => Hub.StartSilo();

    /// <summary>Starts a silo whose connectors have other bounds.</summary>
    public Task<SiloServer> StartSilo(Func<ConnectorOptions, ConnectorOptions> bounds)
    {
        var options = Hub.SiloOptions();
        return SiloServer.Start(options with { Connectors = bounds(options.Connectors) }, default);
    }

    /// <summary>Makes the last night due now.</summary>
    public async Task RequestNight() =>
        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await Integrations.Ask(Msp, UniView.Value, new IntegrationMessage.NightRequested(null), "test", default));

    /// <summary>The second night begins: the run time moves to an hour that has passed today, and whoever waits for the night is due.</summary>
    public Task SecondNight() => Hub.Sql($"""
        update msp set night_at = '{DemoSeed.EarlierToday}';
        update reminder set due_at = now() where name = 'read';
        """);

    public Task UntilQuiet(string what) => Hub.Until(what, Quiet);

    /// <summary>Another msp of the same hub, with a source of its own, due now.</summary>
    public async Task AddMsp(string name, string zone)
    {
        var services = new ServiceCollection();
        SecretVault.AddTo(services, Hub.Database);
        await using var provider = services.BuildServiceProvider();
        var id = await Hub.Scalar<long>($"insert into msp (name, zone, night_at) values ('{name}', '{zone}', '00:30') returning id");
        await Hub.Sql($"""
            insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products) values
                ({id}, 'uniview', 'UniView', '{Hub.Sandbox.BaseUrl}uniview', '{UsageBilling.Sandbox.Demo.ClientId}', '{provider.GetRequiredService<SecretVault>().Protect(id, UsageBilling.Sandbox.Demo.Secret)}', '', true);
            insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)
                select 4, id, 'read', msp_id, (id % 64)::smallint, now(), null from integration where reads_products
                on conflict (grain_kind, grain_id, name) do update set due_at = now();
            update reminder set due_at = now(), night = null where grain_kind = 1;
            """);
    }

    /// <summary>Reads the night that is due with a silo of its own, from beginning to end.</summary>
    public async Task ReadNight(string what)
    {
        await using var silo = await StartSilo();
        await UntilQuiet(what);
    }

    /// <summary>Reads the night while the PSA is left alone, so that all of its intents wait for the next silo.</summary>
    public async Task NightWithoutPsa()
    {
        await Hub.Sql("insert into vendor_circuit (integration_id, msp_id, opened_at, open_until, reason) values (1, 1, now(), now() + interval '10 minutes', 'server_error')");
        await RequestNight();
        await using (await StartSilo()) await Hub.Until("the intents of the night", "select count(*) = 5 from intent");
        await Hub.Sql("delete from vendor_circuit; update intent set due_at = now()");
    }

    public async Task<TurnResult> Release(long line, decimal? units = null) => await Lines.Ask(
        Msp, line, new ServiceLineMessage.ReleaseHold(units is { } right ? new Interfaces.Values.Units(right) : null), "clerk", default);

    /// <summary>Every statement that writes to a table takes its time, so that the night can be met in the middle.</summary>
    public Task Dawdle(string table, double seconds = 0.15) => Hub.Sql($"""
        create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep({seconds}); return null; end $$;
        create trigger z after insert on {table} for each statement execute function dawdle();
        """);

    public Task NoDawdling(string table) => Hub.Sql($"drop trigger z on {table}");

    /// <summary>Sets a fault of a vendor; the other properties as JSON, for example <c>"times": 3</c>.</summary>
    public async Task Fault(string vendor, string kind, string rest = "")
    {
        using var body = new StringContent($$"""{"kind": "{{kind}}"{{(rest.Length > 0 ? ", " + rest : "")}}}""");
        using var answer = await Hub.Vendors.PostAsync(new Uri($"_sandbox/{vendor}/faults", UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Ends every fault and lets everybody go who is held.</summary>
    public async Task NoFaults()
    {
        foreach (var vendor in new[] { "uniview", "autotask" })
        {
            using var answer = await Hub.Vendors.DeleteAsync(new Uri($"_sandbox/{vendor}/faults", UriKind.Relative));
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Waits until that many requests are in the vendors' hands without an answer.</summary>
    public async Task Held(int count)
    {
        using var answer = await Hub.Vendors.GetAsync(new Uri($"_sandbox/autotask/held?count={count}", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the vendor counted at one of its endpoints: requests, those turned away at the door, the most at once.</summary>
    public async Task<(int Requests, int TurnedAway, int AtOnceMost)> Traffic(string vendor, string endpoint)
    {
        var all = await Hub.Vendors.GetFromJsonAsync<JsonObject>(new Uri($"_sandbox/{vendor}/traffic", UriKind.Relative));
        return all![endpoint] is { } count ? ((int)count["requests"]!, (int)count["turned_away"]!, (int)count["at_once_most"]!) : default;
    }

    /// <summary>Requests at every endpoint whose name is not left out.</summary>
    public async Task<int> Requests(string vendor, string without = "")
    {
        var all = await Hub.Vendors.GetFromJsonAsync<JsonObject>(new Uri($"_sandbox/{vendor}/traffic", UriKind.Relative));
        return all!.Where(count => count.Key != without).Sum(count => (int)count.Value!["requests"]!);
    }

    /// <summary>Somebody else uses up so many of Autotask's calls.</summary>
    public async Task Strangers(int calls)
    {
        using var body = new StringContent($$"""{"strangers": {{calls}}}""");
        using var answer = await Hub.Vendors.PostAsync(new Uri("_sandbox/autotask/traffic", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Changes a domain as its administrator would.</summary>
    public async Task Domain(string id, string properties)
    {
        using var body = new StringContent(properties);
        using var answer = await Hub.Vendors.PostAsync(new Uri($"_sandbox/uniview/domains/{id}", UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A table whose dates are named from the first night (N) and the billing period (from P until Q).</summary>
    public async Task<string> Table(string sql) => Named(await Hub.Table(sql));

    /// <summary>Everything that must never be, whatever died: each line names the invariant and what broke it.</summary>
    public async Task<string> Breaches() => string.Join("\n", await new InvariantStore(Hub.Database).Breaches(await Psa.View(), null, default));

    public static string Named(string text)
    {
        foreach (var days in new[] { -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8 })
            text = text.Replace(Iso(DemoSeed.FirstNight.AddDays(days)), days == 0 ? "N" : $"N{days:+0;-0}", StringComparison.Ordinal);
        return text.Replace(Iso(DemoSeed.Period.From), "P", StringComparison.Ordinal)
            .Replace(Iso(DemoSeed.Period.Until.AddDays(-1)), "Q-1", StringComparison.Ordinal)
            .Replace(Iso(DemoSeed.Period.Until), "Q", StringComparison.Ordinal);
    }

    public static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await Hub.DisposeAsync();
        if (State is not null) File.Delete(State);
    }
}
