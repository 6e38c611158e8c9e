using System.Globalization;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Benchmarks.Load;

/// <summary>The vendor of the benchmark: what its HTTP would have brought, at once. The number of the night is the integration's code.</summary>
internal sealed class PopulationSource(Population population) : IProductSource
{
    public const string KindName = "uniview";
    public const string Product = "spanning-m365";

    public string Kind => KindName;

    public Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation) =>
        Task.FromResult<VendorAnswer<CredentialProof>>(new VendorAnswer<CredentialProof>.Answered(new("bench")));

    public Task<SourceRead> Read(VendorAccess access, CancellationToken cancellation)
    {
        var night = int.Parse(access.IntegrationCode, CultureInfo.InvariantCulture);
        var msp = (int)(access.Integration.Value - 1) / 2;
        return Task.FromResult(new SourceRead(
            [.. population.AccountsOf(msp).SelectMany(account => Population.TenantsOf(account), (account, tenant) => Seen(account, tenant, night))], null));
    }

    public Task<VendorAnswer<IReadOnlyList<ObservedCustomer>>> Customers(VendorAccess access, CancellationToken cancellation) =>
        Task.FromResult<VendorAnswer<IReadOnlyList<ObservedCustomer>>>(new VendorAnswer<IReadOnlyList<ObservedCustomer>>.Answered([]));

    public static string RemoteId(int tenant) => string.Create(CultureInfo.InvariantCulture, $"tenant-{tenant}");

    private ObservedTenant Seen(int account, int tenant, int night)
    {
        var (standard, archived) = population.Counts(account, tenant, night);
        return new(RemoteId(tenant), Product, RemoteId(tenant), null, [new("standard_licences", standard), new("archived_licences", archived)]);
    }
}
