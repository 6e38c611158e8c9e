using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Runtime.Nights;

/// <summary>The store's side of reading product tenants: who is due, who is new, and handing the sights over as turns.</summary>
public interface INightReads
{
    /// <summary>Integrations that are due now.</summary>
    Task<IReadOnlyList<DueIntegration>> DueIntegrations(CancellationToken cancellation);

    /// <summary>The database's instant, the night it belongs to, and the msp's limit for a product's total, in per cent.</summary>
    Task<(DateTimeOffset At, DateOnly Night, decimal ProductDropPercent)> Instant(long msp, CancellationToken cancellation);

    /// <summary>Writes that the night is under way.</summary>
    Task Begin(DueIntegration integration, DateOnly night, CancellationToken cancellation);

    /// <summary>Makes grains of tenants never seen before, due for the night.</summary>
    Task Discover(DueIntegration integration, DateOnly night, IReadOnlyList<ObservedTenant> seen, CancellationToken cancellation);

    /// <summary>The integration's tenants that are due, ordered by key.</summary>
    Task<IReadOnlyList<DueTenant>> DueTenants(long integration, CancellationToken cancellation);

    /// <summary>How many tenants of the integration still owe the night, or an earlier one, and wait for another attempt later.</summary>
    Task<int> Waiting(long integration, DateOnly night, CancellationToken cancellation);

    /// <summary>What the integration's tenants counted at their last read.</summary>
    Task<IReadOnlyList<LastCount>> LastCounts(long integration, CancellationToken cancellation);

    /// <summary>Hands the sights to their tenants, at most <see cref="NightReads.BatchTenants"/> a transaction; a tenant that somebody else read meanwhile is left alone.</summary>
    Task<HandedOver> HandOver(IReadOnlyList<(DueTenant Tenant, ProductTenantMessage.Read Read)> sights, CancellationToken cancellation);
}
