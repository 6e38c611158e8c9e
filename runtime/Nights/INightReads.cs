using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Runtime.Nights;

/// <summary>The store's side of reading product tenants: who is due, who is new, and handing the sights over as turns.</summary>
public interface INightReads
{
    /// <summary>Integrations that are due now.</summary>
    Task<IReadOnlyList<DueIntegration>> DueIntegrations(CancellationToken cancellation);

    /// <summary>The database's instant, the night it belongs to and the one after it.</summary>
    Task<PassNight> Instant(long msp, CancellationToken cancellation);

    /// <summary>Writes that the night is under way.</summary>
    Task Begin(DueIntegration integration, DateOnly night, CancellationToken cancellation);

    /// <summary>The vendor was not asked: the reading stays due, a while later, and no attempt is counted.</summary>
    Task Postpone(DueIntegration integration, TimeSpan after, CancellationToken cancellation);

    /// <summary>Makes grains of tenants never seen before, due for the night.</summary>
    /// <returns>How many.</returns>
    Task<int> Discover(DueIntegration integration, DateOnly night, IReadOnlyList<ObservedTenant> seen, CancellationToken cancellation);

    /// <summary>Writes how many tenants the pass has found due for the night.</summary>
    Task CountDue(DueIntegration integration, DateOnly night, int due, CancellationToken cancellation);

    /// <summary>The integration's tenants that are due, those of one account together. What was asked for after the pass began is not: it wants a later look.</summary>
    Task<DueTenants> DueTenants(long integration, PassNight night, CancellationToken cancellation);

    /// <summary>How many tenants of the integration still owe the night, or an earlier one, and were not due when the pass began: they wait for another attempt.</summary>
    Task<int> Waiting(long integration, PassNight night, CancellationToken cancellation);

    /// <summary>What the integration's tenants counted at their last read, ordered by tenant and metric.</summary>
    Task<IReadOnlyList<LastCount>> LastCounts(long integration, CancellationToken cancellation);

    /// <summary>
    /// After the end of a pass was told: what somebody asked for while it was under way, and it has not looked at, does not wait for its next attempt.
    /// </summary>
    /// <param name="night">When the pass began.</param>
    /// <param name="asked">Tenants that it read because somebody had asked.</param>
    Task ServeRefreshes(DueIntegration integration, PassNight night, IReadOnlyCollection<long> asked, CancellationToken cancellation);

    /// <summary>
    /// Hands the sights to their tenants, about <see cref="NightReads.BatchTenants"/> a transaction and those of one account in the same; a tenant
    /// that somebody else read meanwhile is left alone. The record of the night counts what was read and what changed with each transaction.
    /// </summary>
    Task<HandedOver> HandOver(DueIntegration integration, PassNight night, IReadOnlyList<Sighted> sights, CancellationToken cancellation);
}
