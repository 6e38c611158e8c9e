using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.UniView;

/// <summary>Reads Spanning counts of every tenant of an msp from the UniView portal's public API.</summary>
internal sealed class UniViewSource(UniViewCalls calls, ConnectorOptions options, ConnectorCounters counters) : IProductSource
{
    public const string KindName = "uniview";
    private const int CallsPerEndpointMax = 4;
    private const string DomainsPath = "v2/spanning/domains?order_by=name&include%5Busers%5D=false";
    private const string CustomersPath = "v1/customers?order_by=name";

    public string Kind => KindName;

    /// <summary>UniView names no limit; the token service belongs to somebody else.</summary>
    public static VendorLimits Limits(ConnectorOptions options) => new(CallsPerEndpointMax, options.UniViewQuota, UniViewTokens.Endpoint);

    public async Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation)
        => (await calls.Get(access, "customers", CustomersPath + "&page_number=1&page_size=1", cancellation))
            .Then(answer => answer.Json())
            .Then(_ => Answers.Of(new CredentialProof(access.BaseUrl.Host)));

    public async Task<SourceRead> Read(VendorAccess access, CancellationToken cancellation)
    {
        var read = await UniViewPages.Read(calls, access, "domains", DomainsPath, Tenant, cancellation);
        return new SourceRead(read.Rows, read.Failure);
    }

    public async Task<VendorAnswer<IReadOnlyList<ObservedCustomer>>> Customers(VendorAccess access, CancellationToken cancellation)
    {
        var read = await UniViewPages.Read(calls, access, "customers", CustomersPath, UniViewRows.CustomerFromJson, cancellation);
        return read.Failure is { } failure ? Answers.Failed<IReadOnlyList<ObservedCustomer>>(failure) : Answers.Of(read.Rows);
    }

    private ObservedTenant? Tenant(JsonElement row, string remoteId)
    {
        var tenant = UniViewRows.TenantFromJson(row, remoteId, options.ArchivedLicences);
        if (tenant is null) counters.TenantIgnored(KindName);
        return tenant;
    }
}
