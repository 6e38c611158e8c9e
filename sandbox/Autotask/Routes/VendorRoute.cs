using UsageBilling.Sandbox.Autotask.Entities;

namespace UsageBilling.Sandbox.Autotask.Routes;

internal enum RouteKind
{
    Version,
    Zone,
    Threshold,
    Query,
    Count,
    NextPage,
    Item,
    Collection,
    ChildCollection,
    ChildItem,
    EntityInformation,
    Fields,
    UserDefinedFields,
}

/// <summary>A path the vendor knows, and the verbs it has there.</summary>
internal sealed record VendorRoute(RouteKind Kind, IReadOnlyList<string> Verbs)
{
    public EntityDescription? Entity { get; init; }

    public long? ParentId { get; init; }

    public long? Id { get; init; }

    /// <summary>Whether the path is in the zone where the tenant does not live.</summary>
    public bool Elsewhere { get; init; }

    /// <summary>The name threads are counted under; null where they are not.</summary>
    public string? ThreadName => Kind switch
    {
        RouteKind.Version or RouteKind.Zone => null,
        RouteKind.Threshold => "ThresholdInformation",
        _ => Entity!.Plural,
    };
}
