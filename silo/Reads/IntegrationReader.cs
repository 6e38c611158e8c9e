using Microsoft.Extensions.Logging;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Telemetry;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Silo.Reads;

/// <summary>Reads the due tenants of each due integration together, outside any transaction, and hands what was seen to them as turns.</summary>
/// <remarks>One silo at a time reads an integration; a silo that dies leaves its tenants due, and its lock free at once.</remarks>
internal sealed class IntegrationReader(
    ILockSessions sessions, INightReads reads, IGrainDoor<IntegrationMessage> integrations, IVendorDoor vendors, ILogger<IntegrationReader> log)
{
    private static readonly TimeSpan WithheldWait = TimeSpan.FromMinutes(1);

    /// <summary>Reads every integration that is due and that nobody else reads. True when any pass was made.</summary>
    public async Task<bool> ReadDue(CancellationToken cancellation)
    {
        // what is told and not read is another reader's
        var due = (await reads.DueIntegrations(cancellation)).Where(integration => integration.Kind != IntegrationKind.Feed).ToList();
        return await Each.Integration(due, integration => integration.Id, ReadOne, log, cancellation);
    }

    private Task<bool> ReadOne(DueIntegration integration, CancellationToken cancellation) => sessions.Alone(
        $"read:{integration.Id}",
        async stop => (await reads.DueIntegrations(stop)).Any(due => due.Id == integration.Id),
        stop => Pass(integration, stop),
        cancellation);

    private async Task Pass(DueIntegration integration, CancellationToken cancellation)
    {
        using var span = Traces.Read(integration.Id);
        var night = await reads.Instant(integration.Msp, cancellation);
        var forNight = integration.Night is not { } due || due <= night.Night;
        if (forNight) await reads.Begin(integration, night.Night, cancellation);
        var source = vendors.Source(integration.Kind) ?? throw new InvalidOperationException($"No connector reads '{integration.Kind}'.");
        var read = await source.Read(vendors.Access(integration), cancellation);

        if (read.Failure is { Uncounted: true } held)
        {
            var wait = held.WaitOr(WithheldWait);
            await reads.Postpone(integration, wait, cancellation);
            log.PassWithheld(integration.Id, wait.TotalSeconds, held.Code);
            return;
        }

        if (read.Failure?.Kind == VendorFailureKind.Unauthorized)
        {
            // nothing was looked at, so that whoever asked since the pass began gets the same answer
            var refused = await reads.Instant(integration.Msp, cancellation);
            var asked = (await reads.DueTenants(integration.Id, refused, cancellation)).Due.Where(tenant => tenant.Requested);
            await HandOver(integration, [.. asked], read, refused, cancellation);
            await Tell(integration, new IntegrationMessage.CredentialsRefused(read.Failure), cancellation);
            log.Parked(integration.Id, read.Failure.Code);
            return;
        }

        var discovered = await reads.Discover(integration, night.Night, read.Tenants, cancellation);
        var tenants = await reads.DueTenants(integration.Id, night, cancellation);
        if (forNight) await reads.CountDue(integration, night.Night, tenants.Due.Count(tenant => tenant.ForNight), cancellation);
        var handed = await HandOver(integration, tenants.Due, read, night, cancellation);
        await End(integration, read, tenants, discovered, handed, night, forNight, cancellation);
        await reads.ServeRefreshes(integration, night, [.. tenants.Due.Where(tenant => tenant.Requested).Select(tenant => tenant.Id)], cancellation);
    }

    private async Task<HandedOver> HandOver(DueIntegration integration, IReadOnlyList<DueTenant> tenants, SourceRead read, PassNight night, CancellationToken cancellation)
    {
        if (tenants.Count == 0) return HandedOver.Nothing;
        var last = await reads.LastCounts(integration.Id, cancellation);
        var sights = new Sights(read, last, night.ProductDropPercent);
        return await reads.HandOver(integration, night, [.. tenants.Select(tenant => Seen(tenant, sights.Last(tenant)))], cancellation);

        Sighted Seen(DueTenant tenant, IEnumerable<TenantCount> counts)
        {
            var due = tenant.DueNight is { } waiting && waiting < night.Night ? waiting : night.Night;
            var message = new ProductTenantMessage.Read(due, night.Night, night.At, sights.Of(tenant), tenant.Requested, integration.Failures);
            var unchanged = tenant.DueNight == night.Night ? ProductTenantGrain.Unchanged(new(tenant.Product, tenant.Mapped, Sequence.From(counts)), message) : null;
            return new(tenant, message, unchanged);
        }
    }

    private async Task End(
        DueIntegration integration, SourceRead read, DueTenants tenants, int discovered, HandedOver handed, PassNight night, bool forNight, CancellationToken cancellation)
    {
        var seen = read.Tenants.Select(tenant => (tenant.Product, tenant.RemoteId)).ToHashSet();
        // those who could not take their sight stay due as well, and the pass comes back for them
        var unread = handed.Left + (read.Failure is null ? 0 : tenants.Due.Count(tenant => !seen.Contains((tenant.Product, tenant.RemoteId))));
        var counted = tenants.Due.Count(tenant => tenant.ForNight || !forNight);
        // a night's list that ended early may hide tenants nobody has seen yet: the pass comes back for them
        var failed = read.Failure is { } failure && (forNight || unread > 0 || tenants.Due.Count == 0) ? failure : null;
        // what was read and what changed is on record since it was handed over
        var pass = new NightSummary(night.Night, counted, 0, Math.Max(unread, failed is null ? 0 : 1), 0, discovered, failed?.Code, failed?.Message);
        // nobody waits for another attempt of the night where everybody there is has just been read for it
        var waiting = tenants.AreAllDue && handed.Taken == tenants.Known ? 0 : await reads.Waiting(integration.Id, night, cancellation);
        await Tell(integration, new IntegrationMessage.PassEnded(pass, forNight, waiting), cancellation);
        if (failed is not null) log.PassFailed(integration.Id, failed.Code);
        log.PassEnded(integration.Id, night.Night, handed.Taken, pass.Unread, handed.Changed, discovered);
    }

    private Task Tell(DueIntegration integration, IntegrationMessage message, CancellationToken cancellation) =>
        integrations.Ask(new MspId(integration.Msp), integration.Id, message, "silo", cancellation);
}
