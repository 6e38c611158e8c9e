using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Feeds;

/// <summary>The demo's msp after its first night, with an api and a feed of Graphus: some lines count what is fed.</summary>
internal sealed class FedHub : IAsyncDisposable
{
    public const string Active = "active_licences";

    /// <summary>account | metric | night | units | evidence | reason</summary>
    public const string Readings = """
        select t.remote_id, r.metric, r.night, r.units, r.evidence, r.reason
        from reading r join product_tenant t on t.id = r.tenant_id join integration i on i.id = t.integration_id
        where i.kind = 'feed'
        order by t.remote_id, r.metric, r.night, r.read_no
        """;

    /// <summary>line | reason | night | previous | proposed | resolution: of the lines that count what is fed</summary>
    public const string Holds = """
        select l.remote_id, h.reason, h.night, h.previous_units, h.proposed_units, h.resolution
        from hold h join service_line l on l.id = h.line_id join line_basis b on b.line_id = l.id
        where b.product = 'graphus'
        order by l.remote_id, h.id
        """;

    /// <summary>line | units | effective on | source: of the lines that count what is fed, since the feed was made</summary>
    public const string Counts = """
        select l.remote_id, c.units, c.effective_on, c.source
        from count_record c join service_line l on l.id = c.line_id join line_basis b on b.line_id = l.id
        where b.product = 'graphus' and c.recorded_at > (select min(created_at) from integration where kind = 'feed')
        order by l.remote_id, c.effective_on, c.seq
        """;

    private readonly ApiServer api;
    private readonly List<Door> doors = [];

    private FedHub(DemoMsp demo, ApiServer api) => (Demo, this.api) = (demo, api);

    public DemoMsp Demo { get; }

    public Door Superuser { get; private set; } = null!;

    public long Feed { get; private set; }

    public static async Task<FedHub> Start()
    {
        var demo = await DemoMsp.AfterFirstNight();
        var hub = new FedHub(demo, await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString }, default));
        hub.Superuser = await hub.Door(DemoMsp.Msp, ApiScope.Superuser);
        var made = await hub.Superuser.Post("/v1/feeds", new { name = "Graphus", product = "graphus" });
        Assert.Equal(201, made.Status);
        hub.Feed = (long)made.Json["id"]!;
        return hub;
    }

    public async Task<Door> Door(MspId msp, ApiScope scope)
    {
        doors.Add(new(api.BaseUrl, await new ApiKeys(Demo.Hub.Database).Create(msp, "test", scope, default)));
        return doors[^1];
    }

    /// <summary>A line that counts the active licences of an account of the feed, mapped to the line's customer.</summary>
    public async Task Line(string line, string account)
    {
        await Basis(line);
        await Account(account);
        await Map(line, account, DemoSeed.FirstNight);
    }

    /// <summary>A line that counts active licences, in the place of what it counted before.</summary>
    public async Task Basis(string line)
    {
        var id = await Demo.Hub.Scalar<long>($"select id from service_line where remote_id = '{line}'");
        await Demo.Hub.Sql($"delete from line_basis where line_id = {id}; update service_line set basis = 0 where id = {id}");
        var basis = new Basis(BasisKind.Metrics, [new BasisMetric("graphus", Active)]);
        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await Demo.Lines.Ask(DemoMsp.Msp, id, new ServiceLineMessage.ChooseBasis(basis), "clerk", default));
    }

    public async Task Account(string account) =>
        Assert.Equal(200, (await Superuser.Put($"/v1/feeds/{Feed}/accounts", new { accounts = new[] { new { external_id = account, name = $"Customer {account}" } } })).Status);

    public async Task Map(string line, string account, DateOnly from)
    {
        var tenant = await Demo.Hub.Scalar<long>($"select id from product_tenant where integration_id = {Feed} and remote_id = '{account}'");
        var organization = await Demo.Hub.Scalar<long>($"""
            select om.organization_id from service_line l join contract k on k.id = l.contract_id join organization_mapping om on om.account_id = k.account_id and om.retired_in is null
            where l.remote_id = '{line}' order by 1 limit 1
            """);
        Assert.Equal(200, (await Superuser.Put($"/v1/tenants/{tenant}/organization", new { organization_id = organization, from })).Status);
    }

    /// <summary>Tells active licences of accounts.</summary>
    public Task<Answer> Tell(string key, bool complete, params (string Account, int Units)[] counts) => Superuser.Post($"/v1/feeds/{Feed}/snapshots", new
    {
        complete, idempotency_key = key, counts = counts.Select(count => new { external_id = count.Account, metric = Active, quantity = count.Units }),
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var door in doors) door.Dispose();
        await api.DisposeAsync();
        await Demo.DisposeAsync();
    }
}
