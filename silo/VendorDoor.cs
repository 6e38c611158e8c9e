using UsageBilling.Connectors;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Secrets;

namespace UsageBilling.Silo;

/// <summary>Opens the way to a vendor: which connector, and the secret it needs, for as long as a call takes.</summary>
internal interface IVendorDoor
{
    IProductSource? Source(string kind);

    IPsaConnector? Psa(string kind);

    VendorAccess Access(DueIntegration integration);

    VendorAccess Access(DuePsa psa);
}

/// <summary>The real vendors.</summary>
internal sealed class VendorDoor(ConnectorSet connectors, SecretVault vault) : IVendorDoor
{
    public IProductSource? Source(string kind) => connectors.ProductSource(kind);

    public IPsaConnector? Psa(string kind) => connectors.PsaConnector(kind);

    public VendorAccess Access(DueIntegration integration) =>
        Access(integration.Id, integration.Msp, integration.BaseUrl, integration.UserName, integration.SecretProtected, integration.IntegrationCode);

    public VendorAccess Access(DuePsa psa) => Access(psa.Id, psa.Msp, psa.BaseUrl, psa.UserName, psa.SecretProtected, psa.IntegrationCode);

    private VendorAccess Access(long id, long msp, string baseUrl, string user, string secretProtected, string code) =>
        new(new IntegrationId(id), new Uri(baseUrl), user, vault.Reveal(msp, secretProtected), code);
}
