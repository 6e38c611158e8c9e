using Microsoft.Extensions.DependencyInjection;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>A database and a sandbox state to copy: set up once in a test run, by the hub's own imports, turns and night.</summary>
internal sealed class DemoSnapshot
{
    private readonly Lazy<Task<Frozen>> made;

    private DemoSnapshot(Func<Task<Frozen>> make) => made = new(make);

    public static DemoSnapshot Mapped { get; } = new(MakeMapped);

    public static DemoSnapshot FirstNight { get; } = new(MakeFirstNight);

    public async Task<DemoMsp> Copy(string? seed = null)
    {
        var frozen = await made.Value;
        var state = frozen.State is null ? null : Path.Combine(DemoSeed.Folder, $"{Path.GetRandomFileName()}.state");
        if (state is not null) File.Copy(frozen.State!, state);
        return await Open(() => PostgresFixture.CopyOf(frozen.ConnectionString), state, announce: false, keep: false, seed);
    }

    private static async Task<DemoMsp> Open(Func<Task<string>> database, string? state, bool announce, bool keep, string? seed = null)
    {
        var hub = new Hub(new HubOrigin(database, announce, keep, seed ?? DemoSeed.Folder, state));
        await hub.InitializeAsync();
        await hub.Sql($"update integration set base_url = '{hub.Sandbox.BaseUrl}' || kind");
        return new DemoMsp(hub, state);
    }

    private static async Task<Frozen> Freeze(DemoMsp demo, string? state)
    {
        await demo.DisposeAsync();
        await PostgresFixture.Freeze(demo.Hub.ConnectionString);
        return new(demo.Hub.ConnectionString, state);
    }

    private static async Task<Frozen> MakeMapped()
    {
        var demo = await Open(PostgresFixture.FreshDatabase, null, announce: true, keep: true);
        await Integrate(demo);
        await using (await demo.StartSilo()) await MapWhenImported(demo);
        return await Freeze(demo, null);
    }

    /// <summary>The same on another server's database, migrated and empty.</summary>
    public static async Task<DemoMsp> SetUp(string connectionString)
    {
        var demo = await Open(() => Task.FromResult(connectionString), null, announce: true, keep: true);
        await Integrate(demo);
        await using (await demo.StartSilo()) await MapWhenImported(demo);
        return demo;
    }

    /// <summary>The same on a hub whose silos are running.</summary>
    public static async Task<DemoMsp> SetUp(Hub hub)
    {
        var demo = new DemoMsp(hub, null);
        await Integrate(demo);
        await MapWhenImported(demo);
        return demo;
    }

    private static async Task MapWhenImported(DemoMsp demo)
    {
        await demo.Hub.Until("imports done", "select count(*) = 2 from run where kind = 'import' and state = 'done'");
        await Map(demo);
        await ChooseBases(demo);
    }

    private static async Task<Frozen> MakeFirstNight()
    {
        var mapped = await Mapped.made.Value;
        var state = Path.Combine(DemoSeed.Folder, "first-night.frozen");
        var demo = await Open(() => PostgresFixture.CopyOf(mapped.ConnectionString), Path.Combine(DemoSeed.Folder, "first-night.state"), announce: false, keep: true);
        await demo.RequestNight();
        await demo.ReadNight("the first night");
        File.Copy(demo.State!, state);
        return await Freeze(demo, state);
    }

    private static async Task Integrate(DemoMsp demo)
    {
        var services = new ServiceCollection();
        SecretVault.AddTo(services, demo.Hub.Database);
        await using var provider = services.BuildServiceProvider();
        var secret = provider.GetRequiredService<SecretVault>().Protect(DemoMsp.Msp.Value, Demo.Secret);
        await demo.Hub.Sql($"""
            insert into msp (name, zone, night_at) values ('Demo', '{DemoSeed.Zone}', '{DemoSeed.LaterToday}');
            insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products) values
                (1, 'autotask', 'Autotask', '{demo.Hub.Sandbox.BaseUrl}autotask', '{Demo.AutotaskUser}', '{secret}', '{Demo.IntegrationCode}', false),
                (1, 'uniview', 'UniView', '{demo.Hub.Sandbox.BaseUrl}uniview', '{Demo.ClientId}', '{secret}', '', true);
            insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'import', 4, 1), (1, 'import', 4, 2);
            """);
    }

    /// <summary>Organizations to the accounts whose first word is theirs, tenants to the organization of their customer, from before the night.</summary>
    private static async Task Map(DemoMsp demo)
    {
        var from = DemoSeed.FirstNight.AddDays(-30);
        foreach (var (organization, account) in await demo.Hub.Pairs("select o.id, a.id from organization o join psa_account a on split_part(a.name, ' ', 1) = split_part(o.name, ' ', 1) order by 1"))
            Accepted(await demo.Organizations.Ask(DemoMsp.Msp, organization, new OrganizationMessage.Map(new PsaAccountId(account), from), "clerk", default));
        foreach (var (tenant, organization) in await demo.Hub.Pairs("select t.id, o.id from product_tenant t join organization o on o.remote_id = t.customer_remote_id order by 1"))
            Accepted(await demo.Tenants.Ask(DemoMsp.Msp, tenant, new ProductTenantMessage.Map(new OrganizationId(organization), from), "clerk", default));
    }

    private static async Task ChooseBases(DemoMsp demo)
    {
        foreach (var (line, service) in await demo.Hub.Pairs("select id, service_remote_id::bigint from service_line order by id"))
        {
            var metric = new BasisMetric(service == 47 ? "spanning-gws" : "spanning-m365", service == 46 ? "archived_licences" : "standard_licences");
            Accepted(await demo.Lines.Ask(DemoMsp.Msp, line, new ServiceLineMessage.ChooseBasis(new(BasisKind.Metrics, [metric])), "clerk", default));
        }
    }

    private static void Accepted(TurnResult result) => Assert.Equal(new TurnResult.Taken(Verdict.Ok), result);

    private sealed record Frozen(string ConnectionString, string? State);
}
