using UsageBilling.Grains.Guards;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Nights;

namespace UsageBilling.Silo.Reads;

/// <summary>Turns what a source showed into what each due tenant is told, with the suspicion that only the whole list can raise.</summary>
internal sealed class Sights
{
    private readonly SourceRead read;
    private readonly Dictionary<(string Product, string RemoteId), ObservedTenant> seen;
    private readonly Dictionary<(string Product, string RemoteId, string Metric), decimal> last;
    private readonly HashSet<(string Product, string Metric)> fallen;

    public Sights(SourceRead read, IReadOnlyList<LastCount> lastCounts, decimal dropPercent)
    {
        this.read = read;
        seen = read.Tenants.ToDictionary(tenant => (tenant.Product, tenant.RemoteId));
        last = lastCounts.Where(count => count.Count.Units is not null)
            .ToDictionary(count => (count.Product, count.RemoteId, count.Count.Metric), count => count.Count.Units!.Value.Value);
        fallen = [.. Fallen(dropPercent)];
    }

    public TenantSight Of(DueTenant tenant)
    {
        if (seen.TryGetValue((tenant.Product, tenant.RemoteId), out var observed))
            return new TenantSight.Seen(Sequence.From(observed.Counts.Select(count => Of(observed, count))));
        return read.Failure is { } failure ? new TenantSight.Unread(failure.Code) : new TenantSight.Absent();
    }

    private SeenCount Of(ObservedTenant tenant, ObservedCount count)
    {
        var units = count.Units is { } number && Units.IsValid(number) ? new Units(number) : (Units?)null;
        var fell = units is { } now && fallen.Contains((tenant.Product, count.Metric))
            && last.TryGetValue((tenant.Product, tenant.RemoteId, count.Metric), out var before) && now.Value < before;
        return new(count.Metric, units, fell ? HoldReason.ProductTotalDrop : null);
    }

    /// <summary>Product metrics whose total, over the tenants that gave a number both times, fell too far.</summary>
    private IEnumerable<(string Product, string Metric)> Fallen(decimal dropPercent) => read.Tenants
        .SelectMany(tenant => tenant.Counts, (tenant, count) => (tenant.Product, tenant.RemoteId, count.Metric, count.Units))
        .Where(count => count.Units is not null && last.ContainsKey((count.Product, count.RemoteId, count.Metric)))
        .GroupBy(count => (count.Product, count.Metric))
        .Where(group => ProductTotals.Fell(
            group.Sum(count => last[(count.Product, count.RemoteId, count.Metric)]), group.Sum(count => count.Units!.Value), dropPercent))
        .Select(group => group.Key);
}
