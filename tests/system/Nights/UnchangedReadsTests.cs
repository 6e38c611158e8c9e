using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Nights;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>Reads that say nothing new are kept by one statement, which says whom it kept and who still owes the night.</summary>
public sealed class UnchangedReadsTests : IAsyncLifetime
{
    private DemoMsp demo = null!;
    private NightReads reads = null!;
    private DueIntegration source = null!;
    private PassNight night = null!;
    private List<Sighted> sights = null!;

    public async Task InitializeAsync()
    {
        demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        reads = new(demo.Hub.Database, demo.Tenants, demo.Signal, Hub.Clock);
        source = Assert.Single(await reads.DueIntegrations(default));
        night = await reads.Instant(source.Msp, default);
        await reads.Begin(source, night.Night, default);
        var due = await reads.DueTenants(source.Id, night, default);
        Assert.Equal((13, 13, true), (due.Due.Count, due.Known, due.AreAllDue));
        var last = (await reads.LastCounts(source.Id, default)).ToLookup(count => count.Tenant, count => count.Count);
        sights = [.. due.Due.Select(tenant => Same(tenant, last[tenant.Id]))];
    }

    public async Task DisposeAsync() => await demo.DisposeAsync();

    [Fact]
    public async Task A_lost_answer_leaves_nobody_unread_and_counts_nobody_twice()
    {
        Assert.Equal(new HandedOver(13, 0, 0), await HandOver());
        Assert.Equal(new HandedOver(0, 0, 0), await HandOver());
        Assert.Equal("running | 13 | 0", await OnRecord());
    }

    [Fact]
    public async Task Who_decided_something_meanwhile_is_left_and_stays_due()
    {
        await demo.Hub.Sql($"update product_tenant set ver = ver + 1 where id = {sights[4].Tenant.Id}");
        Assert.Equal(new HandedOver(12, 0, 1), await HandOver());
        Assert.Equal("running | 12 | 0", await OnRecord());
        Assert.Equal(sights[4].Tenant.Id, Assert.Single((await reads.DueTenants(source.Id, night, default)).Due).Id);
    }

    [Fact]
    public async Task Where_nobody_is_due_not_everybody_was_read()
    {
        await demo.Hub.Sql("update reminder set due_at = now() + interval '1 minute' where grain_kind = 1");
        var due = await reads.DueTenants(source.Id, night, default);
        Assert.Equal((0, false), (due.Due.Count, due.AreAllDue));
        Assert.Equal(13, await reads.Waiting(source.Id, night, default));
    }

    [Fact]
    public async Task A_pass_that_begins_after_the_night_was_finished_leaves_it_so()
    {
        await HandOver();
        var pass = new NightSummary(night.Night, 13, 0, 0, 0, 0, null, null);
        await demo.Integrations.Ask(DemoMsp.Msp, source.Id, new IntegrationMessage.PassEnded(pass, true), "test", default);
        await reads.Begin(source, night.Night, default);
        await demo.Integrations.Ask(DemoMsp.Msp, source.Id, new IntegrationMessage.PassEnded(pass with { Unread = 13, FailureCode = "timed_out" }, true), "test", default);
        Assert.Equal("finished | 13 | 0", await OnRecord());
    }

    private Task<HandedOver> HandOver() => reads.HandOver(source, night, sights, default);

    private Task<string> OnRecord() => demo.Table($"select state, read, unread from night where night = '{night.Night:yyyy-MM-dd}'");

    private Sighted Same(DueTenant tenant, IEnumerable<TenantCount> counts)
    {
        var sight = new TenantSight.Seen(Sequence.From(counts.Select(count => new SeenCount(count.Metric, count.Units, null))));
        return new(tenant, new ProductTenantMessage.Read(night.Night, night.Night, night.At, sight, false, 0), Sequence.From(counts));
    }
}
