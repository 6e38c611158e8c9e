using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Interfaces.Products;

/// <summary>What a metric measures.</summary>
public enum MetricKind
{
    /// <summary>Things that can be counted: licences, devices, users.</summary>
    Count = 1,

    /// <summary>On or off: a flat fee.</summary>
    Flag = 2,

    /// <summary>An amount that may be fractional: gigabytes.</summary>
    Capacity = 3,
}

/// <summary>One metric of a product, with the words a clerk reads.</summary>
public sealed record Metric(string Id, string Name, MetricKind Kind);

/// <summary>One product, what it can count and what one tenant of it is.</summary>
/// <param name="Scope">What a product tenant is called, for example <c>M365 tenant</c>.</param>
/// <param name="Source">The integration kind that reads it.</param>
public sealed record Product(string Id, string Name, string Suite, string Scope, string Source, Sequence<Metric> Metrics);

/// <summary>The products this hub knows. Data, not code: a product is a row.</summary>
/// <remarks>A product that no connector reads is told to the hub by a feed, and any other one may be. What is counted by a filter of the msp's own has one metric for it.</remarks>
public static class Catalogue
{
    private const string Fed = IntegrationKind.Feed;

    private static readonly Sequence<Metric> Spanning = [Count("standard_licences", "Standard licences in use"), Count("archived_licences", "Archived licences")];

    private static readonly Sequence<Metric> Directory = [Count("ad_users", "AD users"), Count("ad_devices", "AD devices")];

    private static readonly Sequence<Metric> BillableUsers = [Count("billable_users", "Total billable users")];

    /// <summary>Every product, ordered by id.</summary>
    public static IReadOnlyList<Product> Products { get; } =
    [
        new("bullphish-id", "BullPhish ID", "Security", "organization", Fed,
        [
            Flag("training_module", "Training module enabled"), Flag("phishing_module", "Phishing module enabled"), Count("users", "Users"),
        ]),
        new("compliance-manager", "Compliance Manager GRC", "Audit", "site or organization", Fed, [.. Directory, Flag("enabled", "Is enabled")]),
        new("cyber-hawk", "Cyber Hawk", "Audit", "site or organization", Fed, [.. Directory, Flag("enabled", "Is enabled")]),
        new("darkweb-id", "Dark Web ID", "Security", "organization", Fed, [Count("domains", "Domains")]),
        new("datto-alto", "Datto ALTO", "Backup", "organization", Fed, [Count("agents", "BCDR agents")]),
        new("datto-azure", "Backup for Microsoft Azure", "Backup", "client", Fed, [Count("virtual_machines", "Virtual machines"), Capacity("disk_capacity", "Disk capacity")]),
        new("datto-eb-pc", "Endpoint Backup for PCs", "Backup", "client or organization", Fed, [Count("assigned_licences", "Licences assigned")]),
        new("datto-eb-servers", "Endpoint Backup for Servers", "Backup", "organization", Fed, [Count("units_of_500_gb", "Units per 500 GB")]),
        new("datto-edr", "Datto EDR", "Security", "organization or location", Fed,
        [
            Count("total_devices", "Total"), Count("windows_devices", "Windows"), Count("macos_devices", "macOS"), Count("linux_devices", "Linux"),
        ]),
        new("datto-file-protection", "File Protection", "Backup", "team", Fed,
        [
            Count("desktop_devices", "Desktop devices"), Count("server_devices", "Server devices"), Capacity("additional_storage", "Additional storage"),
        ]),
        new("datto-networking", "Datto Networking", "Network", "network", Fed,
        [
            Count("devices", "Devices"), Count("access_points", "Access points"), Count("switches", "Switches"), Count("routers", "Routers"), Count("managed_power", "Managed power"),
            Count("access_point_licences", "Access point licences"), Count("switch_licences", "Switch licences"), Count("router_licences", "Router licences"),
            Count("managed_power_licences", "Managed power licences"),
        ]),
        new("datto-rmm", "Datto RMM", "RMM", "site", Fed,
        [
            Count("total_devices", "Total devices"), Count("desktops_and_laptops", "Desktops and laptops"), Count("desktops", "Desktops"), Count("laptops", "Laptops"),
            Count("servers", "Servers"), Count("printers", "Printers"), Count("esxi_hosts", "ESXi hosts"), Count("network_devices", "Network devices"),
            Count("datto_access_points", "Datto access points"), Count("datto_switches", "Datto switches"), Count("datto_managed_power", "Datto managed power"),
            Count("datto_continuity", "Datto continuity devices"), Count("unknown_devices", "Unknown devices"),
        ]),
        new("datto-saas-defense", "SaaS Defense", "Security", "client", Fed, BillableUsers),
        new("datto-saas-protection", "SaaS Protection", "Backup", "SaaS customer (domain)", Fed, BillableUsers),
        new("datto-siris", "Datto SIRIS", "Backup", "organization", Fed, [Count("devices", "BCDR devices")]),
        new("datto-workplace", "Workplace", "Backup", "team", Fed,
        [
            Count("user_licences", "User licences"), Count("server_licences", "Server licences"), Capacity("additional_storage", "Additional storage"),
        ]),
        new("graphus", "Graphus", "Security", "organization", Fed, [Count("active_licences", "Active licences"), Count("protected_inboxes", "Protected inboxes")]),
        new("it-glue", "IT Glue flexible assets", "Docs", "organization", Fed, [Count("flexible_assets", "Flexible assets"), Capacity("trait_total", "Total of a numeric trait")]),
        new("network-detective-pro", "Network Detective Pro", "Audit", "site or organization", Fed, Directory),
        new("passly", "Passly", "Security", "organization", Fed, [Count("assigned_seats", "Assigned seats")]),
        new("rocketcyber", "RocketCyber", "Security", "customer account", Fed,
        [
            Count("agents", "Agents"), Count("firewalls", "Firewalls"), Count("mailboxes", "Mailboxes"), Count("total_devices", "Total devices"),
        ]),
        new("spanning-gws", "Spanning Backup for Google Workspace", "Backup", "Google domain", "uniview", Spanning),
        new("spanning-m365", "Spanning Backup for Microsoft 365", "Backup", "M365 tenant", "uniview", Spanning),
        new("traverse", "Traverse", "RMM", "account", Fed,
        [
            Count("routers", "Routers"), Count("switches", "Switches"), Count("access_points", "Access points"), Count("firewalls", "Firewalls"), Count("servers", "Servers"),
            Count("other_devices", "Other and undefined devices"),
        ]),
        new("uniview", "UniView portal", "Backup", "domain of a customer", Fed, Spanning),
        new("vsa10", "Kaseya VSA 10 (VSA X)", "RMM", "organization", Fed,
        [
            Count("total_devices", "Total devices"), Count("patch_devices", "Devices with patch management"), Count("ransomware_devices", "Devices with ransomware detection"),
            Count("webroot_devices", "Devices with Webroot"), Count("bitdefender_devices", "Devices with Bitdefender"),
        ]),
        new("vsa9", "Kaseya VSA 9", "RMM", "organization or machine group", Fed, [Count("rmm_agents", "RMM agents")]),
        new("vulscan", "VulScan", "Audit", "site or organization", Fed, [Count("devices_scanned", "Devices scanned"), Count("ips_scanned", "IPs scanned")]),
    ];

    /// <summary>The product, or null when the catalogue does not know it.</summary>
    public static Product? Find(string product) => Products.FirstOrDefault(known => known.Id == product);

    /// <summary>The metric, or null when the catalogue does not know it.</summary>
    public static Metric? Find(string product, string metric) => Find(product)?.Metrics.FirstOrDefault(known => known.Id == metric);

    private static Metric Count(string id, string name) => new(id, name, MetricKind.Count);

    private static Metric Flag(string id, string name) => new(id, name, MetricKind.Flag);

    private static Metric Capacity(string id, string name) => new(id, name, MetricKind.Capacity);
}
