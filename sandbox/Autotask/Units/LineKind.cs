using UsageBilling.Sandbox.Autotask.Entities;

namespace UsageBilling.Sandbox.Autotask.Units;

/// <summary>What lines of contracts sell: services, or bundles of them. Both live the same life under other names.</summary>
/// <param name="Sold">The property that names what is sold.</param>
/// <param name="Line">The property that names the line.</param>
/// <param name="Repeat">The flag that allows to sell the same thing a second time.</param>
/// <param name="Periods">What the vendor's database calls the units rows, for its errors.</param>
/// <param name="PricesChange">Whether an adjustment can change prices: those of bundles it leaves alone.</param>
internal sealed record LineKind(
    EntityDescription Catalogue,
    EntityDescription Lines,
    EntityDescription Units,
    EntityDescription Adjustments,
    string Sold,
    string Line,
    string Repeat,
    string Periods,
    bool PricesChange)
{
    public static LineKind Service { get; } = new(
        EntityCatalogue.Services, EntityCatalogue.ContractServices, EntityCatalogue.ContractServiceUnits, EntityCatalogue.ContractServiceAdjustments,
        "serviceID", "contractServiceID", "allowRepeatService", "contract_service_period", PricesChange: true);

    public static LineKind Bundle { get; } = new(
        EntityCatalogue.ServiceBundles, EntityCatalogue.ContractServiceBundles, EntityCatalogue.ContractServiceBundleUnits, EntityCatalogue.ContractServiceBundleAdjustments,
        "serviceBundleID", "contractServiceBundleID", "allowRepeatServiceBundle", "contract_service_bundle_period", PricesChange: false);

    /// <summary>The kind whose lines, or whose adjustments, the entity is; null for every other entity.</summary>
    public static LineKind? Of(EntityDescription entity) =>
        Array.Find([Service, Bundle], kind => kind.Lines == entity || kind.Adjustments == entity);
}
