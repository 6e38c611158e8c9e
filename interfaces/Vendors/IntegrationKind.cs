namespace UsageBilling.Interfaces.Vendors;

/// <summary>What an integration's credentials consist of besides a user and a secret; the same column holds either.</summary>
public enum CredentialCode
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Autotask: the tracking identifier of the API integration.</summary>
    IntegrationCode,

    /// <summary>BMS and Vorex: the name of the company that the user signs in to. It may hold spaces.</summary>
    Tenant,
}

/// <summary>A kind of integration: what it is for, what its credentials are, and where its vendor may be reached.</summary>
/// <param name="Name">As it is stored, for example <c>bms</c>.</param>
/// <param name="ReadsProducts">Whether it is a source of counts; every other one is a PSA.</param>
/// <param name="Regions">The vendor's regions and the address of each; empty where the vendor names none, or not reliably.</param>
public sealed record IntegrationKind(string Name, bool ReadsProducts, CredentialCode Code, IReadOnlyList<VendorRegion> Regions)
{
    /// <summary>The kind that calls no vendor: it is told its counts, and has neither address nor credentials.</summary>
    public const string Feed = "feed";

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<IntegrationKind> All { get; } =
    [
        new("autotask", ReadsProducts: false, CredentialCode.IntegrationCode, []),
        new("bms", ReadsProducts: false, CredentialCode.Tenant,
        [
            new("us", new("https://api.bms.kaseya.com/")),
            new("emea", new("https://api.bmsemea.kaseya.com/")),
            new("apac", new("https://api.bmsapac.kaseya.com/")),
        ]),
        // The vendor's own page gives two addresses for Vorex, so that somebody has to say which
        new("vorex", ReadsProducts: false, CredentialCode.Tenant, []),
        new("uniview", ReadsProducts: true, CredentialCode.None, []),
        new(Feed, ReadsProducts: true, CredentialCode.None, []),
    ];

    /// <summary>The kind of that name, or null.</summary>
    public static IntegrationKind? Of(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The address of a region of that name, or null.</summary>
    public Uri? AddressOf(string region) => Regions.FirstOrDefault(known => known.Name == region)?.Address;

    /// <summary>The name of the region that has this address, or null.</summary>
    public string? RegionOf(Uri address) => Regions.FirstOrDefault(known => known.Address == address)?.Name;
}

/// <summary>A region of a vendor.</summary>
/// <param name="Name">A short word, for example <c>emea</c>.</param>
/// <param name="Address">Where its API is reached.</param>
public sealed record VendorRegion(string Name, Uri Address);
