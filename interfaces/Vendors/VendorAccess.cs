using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Interfaces.Vendors;

/// <summary>What a connector needs to call one vendor account. Holds secrets: never logged, never serialized.</summary>
/// <param name="Integration">Whose connection this is; circuit breakers and caches are kept per integration.</param>
/// <param name="BaseUrl">Where the vendor is reached, for example <c>https://webservices.autotask.net/</c>. Checked against the vendor's allow-list on every call.</param>
/// <param name="User">Autotask: the API user. BMS and Vorex: the user. UniView: the client id.</param>
/// <param name="Secret">Autotask: the API user's secret. BMS and Vorex: the password. UniView: the client secret.</param>
/// <param name="IntegrationCode">Autotask: the tracking identifier. BMS and Vorex: the company that the user signs in to. Empty for UniView.</param>
public sealed record VendorAccess(IntegrationId Integration, Uri BaseUrl, string User, string Secret, string IntegrationCode)
{
    /// <summary>Whether to call although the vendor has refused the stored credentials: only whoever tests them does.</summary>
    public bool ProvesCredentials { get; init; }

    /// <summary>Names the integration only, so that no secret reaches a log by accident.</summary>
    public override string ToString() => $"VendorAccess(integration {Integration.Value}, {BaseUrl.Host})";
}
