using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Runs;

namespace UsageBilling.Silo.Runs;

/// <summary>Brings the customers and the product tenants of a source in. Counts wait for the night.</summary>
internal sealed class SourceImport(ImportStore store)
{
    public async Task<(RunEnd? End, VendorFailure? Failure)> Import(DueRun run, IProductSource source, VendorAccess access, CancellationToken cancellation)
    {
        var customers = await source.Customers(access, cancellation);
        if (customers is VendorAnswer<IReadOnlyList<ObservedCustomer>>.Failed failed) return (null, failed.Failure);
        var names = ((VendorAnswer<IReadOnlyList<ObservedCustomer>>.Answered)customers).Value;
        var read = await source.Read(access, cancellation);
        if (read.Failure is not null) return (null, read.Failure);
        var importing = await store.Msp(run.Integration.Msp, cancellation);
        await store.Source(run.Integration.Id, run.Integration.Msp, importing, names, read.Tenants, cancellation);
        return (new(true, "imported", $"{names.Count} organizations and {read.Tenants.Count} product tenants."), null);
    }
}
