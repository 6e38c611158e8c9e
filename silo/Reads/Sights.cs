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
    private readonly ILookup<long, TenantCount> last;
    private readonly HashSet<(string Product, string Metric)> fallen;

    public Sights(SourceRead read, IReadOnlyList<LastCount> lastCounts, decimal dropPercent)
    {
        this.read = read;
        seen = read.Tenants.ToDictionary(tenant => (tenant.Product, tenant.RemoteId));
        last = lastCounts.ToLookup(count => count.Tenant, count => count.Count);
        fallen = [.. Fallen(lastCounts, dropPercent)];
    }

    /// <summary>What the tenant counted at its last read.</summary>
    public IEnumerable<TenantCount> Last(DueTenant tenant) => last[tenant.Id];

    public TenantSight Of(DueTenant tenant)
    {
        if (seen.TryGetValue((tenant.Product, tenant.RemoteId), out var observed))
            return new TenantSight.Seen(Sequence.From(observed.Counts.Select(count => Of(tenant, count))));
        return read.Failure is { } failure ? new TenantSight.Unread(failure.Code) : new TenantSight.Absent();
    }

    private SeenCount Of(DueTenant tenant, ObservedCount count)
    {
        var units = count.Units is { } number && Units.IsValid(number) ? new Units(number) : (Units?)null;
        var fell = units is { } now && fallen.Contains((tenant.Product, count.Metric))
            && Last(tenant).FirstOrDefault(before => before.Metric == count.Metric)?.Units is { } before && now < before;
        return new(count.Metric, units, fell ? HoldReason.ProductTotalDrop : null);
    }

    /// <summary>Product metrics whose total, over the tenants that gave a number both times, fell too far.</summary>
    private IEnumerable<(string Product, string Metric)> Fallen(IReadOnlyList<LastCount> lastCounts, decimal dropPercent)
    {
        var totals = new Dictionary<(string Product, string Metric), (decimal Before, decimal Now)>();
        foreach (var known in lastCounts)
        {
            if (known.Count.Units is not { } before || Shown(known) is not { } now) continue;
            var total = totals.GetValueOrDefault((known.Product, known.Count.Metric));
            totals[(known.Product, known.Count.Metric)] = (total.Before + before.Value, total.Now + now);
        }

        return totals.Where(total => ProductTotals.Fell(total.Value.Before, total.Value.Now, dropPercent)).Select(total => total.Key);
    }

    private decimal? Shown(LastCount known) =>
        seen.GetValueOrDefault((known.Product, known.RemoteId))?.Counts.FirstOrDefault(count => count.Metric == known.Count.Metric)?.Units;
}
