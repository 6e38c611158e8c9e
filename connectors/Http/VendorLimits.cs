using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>What one vendor allows.</summary>
/// <param name="CallsPerEndpointMax">Concurrent calls of one integration into one endpoint.</param>
/// <param name="Quota">Calls in a window; null where the vendor names no limit.</param>
/// <param name="Unmetered">Endpoints that the quota leaves out.</param>
internal sealed record VendorLimits(int CallsPerEndpointMax, CallQuota? Quota, params string[] Unmetered)
{
    public CallRules RulesOf(string endpoint, TimeSpan probeTime) => new(CallsPerEndpointMax, Unmetered.Contains(endpoint) ? null : Quota, probeTime);
}
