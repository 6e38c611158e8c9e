using UsageBilling.Benchmarks.Load;

namespace UsageBilling.Benchmarks.Night;

/// <summary>What one measurement of nights is to do.</summary>
/// <param name="Pinned">Whether another session keeps a transaction open all the while, as a forgotten report does.</param>
/// <param name="FailingPercent">Lines whose turns always fail.</param>
/// <param name="Floor">Whether the floor is measured too.</param>
internal sealed record NightPlan(Population Population, int Silos, int Nights, bool Pinned, decimal FailingPercent, bool Floor)
{
    public FailingLines Failing => new(Population, FailingPercent);
}
