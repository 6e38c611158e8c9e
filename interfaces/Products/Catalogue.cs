using UsageBilling.Interfaces.Values;

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
public static class Catalogue
{
    private static readonly Sequence<Metric> SpanningMetrics =
    [
        new("standard_licences", "Standard licences in use", MetricKind.Count),
        new("archived_licences", "Archived licences", MetricKind.Count),
    ];

    /// <summary>Every product, ordered by id.</summary>
    public static IReadOnlyList<Product> Products { get; } =
    [
        new("spanning-gws", "Spanning Backup for Google Workspace", "Backup", "Google domain", "uniview", SpanningMetrics),
        new("spanning-m365", "Spanning Backup for Microsoft 365", "Backup", "M365 tenant", "uniview", SpanningMetrics),
    ];

    /// <summary>The metric, or null when the catalogue does not know it.</summary>
    public static Metric? Find(string product, string metric) =>
        Products.FirstOrDefault(known => known.Id == product)?.Metrics.FirstOrDefault(known => known.Id == metric);
}
