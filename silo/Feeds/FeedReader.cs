using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Feeds;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo.Reads;

namespace UsageBilling.Silo.Feeds;

/// <summary>Hands what feeds were told to their tenants, and says at each night's end of which tenants nothing was told.</summary>
/// <remarks>As when a source is read: one silo at a time has an integration, and one that dies leaves the rest where the next takes it up.</remarks>
internal sealed class FeedReader(ILockSessions sessions, INightReads reads, FeedStore feeds, IGrainDoor<IntegrationMessage> integrations, ILogger<FeedReader> log)
{
    /// <summary>Does what is due of every feed. True when anything was.</summary>
    public async Task<bool> ReadDue(CancellationToken cancellation) =>
        await Each.Integration(await Due(cancellation), feed => feed.Id, ReadOne, log, cancellation);

    private async Task<IReadOnlyList<DueIntegration>> Due(CancellationToken cancellation) =>
        [.. (await reads.DueIntegrations(cancellation)).Where(due => due.Kind == IntegrationKind.Feed)];

    private Task<bool> ReadOne(DueIntegration feed, CancellationToken cancellation) => sessions.Alone(
        $"read:{feed.Id}",
        async stop => (await Due(stop)).Any(due => due.Id == feed.Id),
        stop => Pass(feed, stop),
        cancellation);

    /// <summary>What was told of nights that are over comes first, then their end, then what was told of this one: so that each night is decided with what it was told.</summary>
    private async Task Pass(DueIntegration feed, CancellationToken cancellation)
    {
        var night = await reads.Instant(feed.Msp, cancellation);
        await HandOver(feed, night, snapshot => snapshot.AsOf < night.Night, cancellation);
        var (closed, left) = await LookThrough(feed, night, cancellation);
        await HandOver(feed, night, _ => true, cancellation);
        await integrations.Ask(new MspId(feed.Msp), feed.Id, new IntegrationMessage.FeedPassEnded(night.Night, closed, left), "silo", cancellation);
    }

    private async Task HandOver(DueIntegration feed, PassNight night, Func<WaitingSnapshot, bool> wanted, CancellationToken cancellation)
    {
        while (await feeds.Next(feed.Id, cancellation) is { } snapshot && wanted(snapshot))
        {
            var told = await feeds.Told(snapshot, cancellation);
            var sights = new Sights(new([.. told.Where(tenant => tenant.Counts.Count > 0).Select(Observed)], null), await reads.LastCounts(feed.Id, cancellation), night.ProductDropPercent);
            var broken = await feeds.HandOver(snapshot, [.. told.Select(tenant => (tenant, Message(snapshot, sights, tenant)))], cancellation);
            foreach (var (tenant, reason) in broken) log.FedTenantBroke(snapshot.Id, tenant, reason);
            log.SnapshotTaken(snapshot.Id, feed.Id, snapshot.AsOf, told.Count - broken.Count);
        }
    }

    private static ObservedTenant Observed(ToldTenant tenant) =>
        new(tenant.RemoteId, tenant.Product, tenant.RemoteId, null, [.. tenant.Counts.Select(count => new ObservedCount(count.Metric, count.Units))]);

    private static ProductTenantMessage.Fed Message(WaitingSnapshot snapshot, Sights sights, ToldTenant tenant) =>
        new(snapshot.AsOf, snapshot.FedAt, sights.Of(new(tenant.Id, tenant.Product, tenant.RemoteId, 0, false, null, false, false, null)), snapshot.Complete);

    /// <summary>At a night's end the tenants that were told nothing hear of it; whoever asked for a look is answered, because more than what was told there is not.</summary>
    /// <returns>The night that is over, if one is, and how many tenants stay due.</returns>
    private async Task<(NightSummary? Closed, int Left)> LookThrough(DueIntegration feed, PassNight night, CancellationToken cancellation)
    {
        var due = (await reads.DueTenants(feed.Id, night, cancellation)).Due;
        var unfed = await feeds.Unfed(feed.Id, night.Night, cancellation);
        var handed = await reads.HandOver(feed, night, [.. due.Select(Sight)], cancellation);
        if (feed.Night is { } begun && begun > night.Night) return (null, handed.Left);
        var closing = due.Where(tenant => tenant.ForNight).ToList();
        var over = night.Night.AddDays(-1);
        var silent = closing.Count(tenant => unfed[tenant.Id].Any(untold => untold.Night == over));
        var summary = new NightSummary(
            over, closing.Count, closing.Count - silent, silent, handed.Changed, 0, silent > 0 ? "not_fed" : null, silent > 0 ? $"{silent} of {closing.Count} tenants were told nothing." : null);
        return (summary, handed.Left);

        // a night that was told of as a whole needs no decision: the tenant waits for the next one's end
        Sighted Sight(DueTenant tenant) => new(
            tenant,
            new ProductTenantMessage.FeedChecked(night.At, night.Night, Sequence.From(unfed[tenant.Id]), tenant.ForNight, tenant.Requested),
            tenant is { ForNight: true, Requested: false } && tenant.DueNight == night.Night && !unfed.Contains(tenant.Id) ? [] : null);
    }
}
