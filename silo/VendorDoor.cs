using Microsoft.Extensions.Logging;
using UsageBilling.Connectors;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Quotas;
using UsageBilling.Runtime.Secrets;

namespace UsageBilling.Silo;

/// <summary>Opens the way to a vendor: which connector, and the secret it needs, for as long as a call takes.</summary>
internal interface IVendorDoor
{
    IProductSource? Source(string kind);

    IPsaConnector? Psa(string kind);

    VendorAccess Access(DueIntegration integration);

    VendorAccess Access(DuePsa psa);

    /// <summary>Asks the vendor how many calls everybody has used, when it is time and no other silo does; before work that makes many.</summary>
    /// <returns>The failure if the credentials were refused; any other leaves the budget as it is.</returns>
    Task<VendorFailure?> AskQuota(IPsaConnector psa, VendorAccess access, CancellationToken cancellation);
}

/// <summary>The real vendors.</summary>
internal sealed class VendorDoor(ConnectorSet connectors, SiloOptions options, ObservedBudgets budgets, SecretVault vault, ILogger<VendorDoor> log) : IVendorDoor
{
    public IProductSource? Source(string kind) =>
        options.ProductSources.FirstOrDefault(source => source.Kind == kind) ?? connectors.ProductSource(kind);

    /// <summary>Every PSA there is a connector for.</summary>
    public IReadOnlyList<IPsaConnector> Psas => connectors.PsaConnectors;

    public IPsaConnector? Psa(string kind) => connectors.PsaConnector(kind);

    /// <summary>What adds lines for a kind of integration, or null when its PSA changes units instead.</summary>
    public IPsaLines? Lines(string kind) => connectors.PsaLinesOf(kind);

    /// <summary>The service desk of a kind of integration, or null when there is none.</summary>
    public IPsaDesk? Desk(string kind) =>
        options.Desks.FirstOrDefault(desk => desk.Kind == kind) ?? connectors.PsaDesk(kind);

    public VendorAccess Access(DueIntegration integration) =>
        Access(integration.Id, integration.Msp, integration.BaseUrl, integration.UserName, integration.SecretProtected, integration.IntegrationCode);

    public VendorAccess Access(DuePsa psa) => Access(psa.Id, psa.Msp, psa.BaseUrl, psa.UserName, psa.SecretProtected, psa.IntegrationCode);

    public async Task<VendorFailure?> AskQuota(IPsaConnector psa, VendorAccess access, CancellationToken cancellation)
    {
        if (psa.Capabilities.ObservableQuota is not { } quota || !await budgets.ClaimAsking(access.Integration, quota, cancellation)) return null;
        switch (await psa.Quota(access, cancellation))
        {
            case VendorAnswer<ObservedQuota>.Answered observed:
                var (byOthers, allowed) = await budgets.Observe(access.Integration, quota, observed.Value, cancellation);
                log.QuotaObserved(access.Integration.Value, observed.Value.Used, observed.Value.Allowed, byOthers, allowed);
                return null;
            case VendorAnswer<ObservedQuota>.Failed { Failure: var failure }:
                return failure.Kind == VendorFailureKind.Unauthorized ? failure : null;
            default:
                throw new InvalidOperationException("An answer is answered or failed.");
        }
    }

    private VendorAccess Access(long id, long msp, string baseUrl, string user, string secretProtected, string code) =>
        new(new IntegrationId(id), new Uri(baseUrl), user, vault.Reveal(msp, secretProtected), code);
}
