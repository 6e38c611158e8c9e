namespace UsageBilling.Interfaces.Vendors;

/// <summary>Reads counts from one vendor account. Implemented by a connector per vendor; called by silos, never inside a turn.</summary>
public interface IProductSource
{
    /// <summary>The integration kind it serves, for example <c>uniview</c>.</summary>
    string Kind { get; }

    /// <summary>Proves the credentials with the cheapest call there is.</summary>
    Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation);

    /// <summary>Reads every tenant of the account with its counts, in as few calls as the API allows.</summary>
    /// <returns>What could be read. When a page fails, the tenants of the good pages and the failure; never a guess about the rest.</returns>
    Task<SourceRead> Read(VendorAccess access, CancellationToken cancellation);

    /// <summary>The vendor's own list of customers, offered as organizations.</summary>
    Task<VendorAnswer<IReadOnlyList<ObservedCustomer>>> Customers(VendorAccess access, CancellationToken cancellation);
}

/// <summary>The credentials work; <paramref name="Account"/> is what the vendor calls the account, or its host.</summary>
public sealed record CredentialProof(string Account);

/// <summary>One reading pass over a vendor account.</summary>
/// <param name="Tenants">The tenants seen, each once, at most 200,000.</param>
/// <param name="Failure">Null when the whole list was read. Otherwise tenants not in the list were not read, which is not the same as gone.</param>
public sealed record SourceRead(IReadOnlyList<ObservedTenant> Tenants, VendorFailure? Failure);

/// <summary>A product tenant as the vendor shows it.</summary>
/// <param name="RemoteId">The vendor's stable id.</param>
/// <param name="Product">Product id of the catalogue, for example <c>spanning-m365</c>.</param>
/// <param name="Name">The name a person knows it by.</param>
/// <param name="CustomerRemoteId">The vendor's customer it belongs to, or null when the vendor knows none.</param>
/// <param name="Counts">One entry per metric of the product.</param>
public sealed record ObservedTenant(string RemoteId, string Product, string Name, string? CustomerRemoteId, IReadOnlyList<ObservedCount> Counts);

/// <summary>One metric of a tenant. <paramref name="Units"/> is null when the vendor answered null or an impossible number: null is not zero.</summary>
public sealed record ObservedCount(string Metric, decimal? Units);

/// <summary>A customer in the vendor's own list.</summary>
public sealed record ObservedCustomer(string RemoteId, string Name);
