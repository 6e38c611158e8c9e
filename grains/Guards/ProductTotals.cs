namespace UsageBilling.Grains.Guards;

/// <summary>Watches what a product's tenants add up to: a source that lost a part of its data shows it there first.</summary>
public static class ProductTotals
{
    /// <summary>Whether the total fell by more than the limit between two reads of the same tenants.</summary>
    /// <param name="before">What those tenants added up to at the read before, in units.</param>
    /// <param name="now">What they add up to now, in units.</param>
    /// <param name="dropPercent">The msp's limit, 0 to 100.</param>
    public static bool Fell(decimal before, decimal now, decimal dropPercent) => before > 0 && now < before && (before - now) * 100m > before * dropPercent;
}
