using System.Globalization;
using UsageBilling.Sandbox.Autotask.Entities;

namespace UsageBilling.Sandbox.Autotask.Routes;

/// <summary>Finds the route of a path in any casing. A path with no verb at all is no route: the vendor answers 404 there, not 405.</summary>
internal static class RouteTable
{
    private static readonly string[] Get = ["GET"];
    private static readonly string[] Post = ["POST"];
    private static readonly string[] GetPost = ["GET", "POST"];
    private static readonly string[] Writes = ["POST", "PATCH", "PUT"];
    private static readonly string[] ReadsWrites = ["GET", "POST", "PATCH", "PUT"];
    private static readonly string[] GetDelete = ["GET", "DELETE"];

    /// <param name="segments">What follows <c>ATServicesRest</c>.</param>
    public static VendorRoute? Find(IReadOnlyList<string> segments)
    {
        if (segments is [var only] && Same(only, "versionInformation"))
            return new VendorRoute(RouteKind.Version, Get);
        if (segments.Count < 2 || !Same(segments[0], "v1.0"))
            return null;
        if (segments.Count == 2 && Same(segments[1], "zoneInformation"))
            return new VendorRoute(RouteKind.Zone, Get);
        if (segments.Count == 2 && Same(segments[1], "thresholdInformation"))
            return new VendorRoute(RouteKind.Threshold, Get);
        return Root(segments) ?? Child(segments);
    }

    private static VendorRoute? Root(IReadOnlyList<string> segments)
    {
        if (EntityCatalogue.ByPlural(segments[1]) is not { } entity)
            return null;
        var route = segments.Count == 2 ? Collection(entity) : Described(segments, 2) ?? Queried(entity, segments);
        return route is null ? null : route with { Entity = entity };
    }

    private static VendorRoute? Collection(EntityDescription entity)
    {
        if (entity.Has(Access.RootWrite))
            return new VendorRoute(RouteKind.Collection, Writes);
        return entity.Has(Access.RootCreate) ? new VendorRoute(RouteKind.Collection, Post) : null;
    }

    private static VendorRoute? Queried(EntityDescription entity, IReadOnlyList<string> segments)
    {
        if (!entity.Has(Access.Query))
            return null;
        if (segments.Count == 3 && Number(segments[2]) is { } id)
            return new VendorRoute(RouteKind.Item, entity.Has(Access.RootDelete) ? GetDelete : Get) { Id = id };
        if (!Same(segments[2], "query"))
            return null;
        return segments.Count switch
        {
            3 => new VendorRoute(RouteKind.Query, GetPost),
            4 when Same(segments[3], "count") => new VendorRoute(RouteKind.Count, GetPost),
            4 when Same(segments[3], "next") => new VendorRoute(RouteKind.NextPage, GetPost),
            _ => null,
        };
    }

    private static VendorRoute? Child(IReadOnlyList<string> segments)
    {
        if (segments.Count < 4 || Number(segments[2]) is not { } parentId || EntityCatalogue.ByChildUrl(segments[1], segments[3]) is not { } entity)
            return null;
        var route = segments.Count == 4 ? ChildCollection(entity) : Described(segments, 4) ?? ChildItem(entity, segments);
        return route is null ? null : route with { Entity = entity, ParentId = parentId };
    }

    private static VendorRoute ChildCollection(EntityDescription entity)
    {
        if (entity.Has(Access.ChildCreate))
            return new VendorRoute(RouteKind.ChildCollection, Post);
        return new VendorRoute(RouteKind.ChildCollection, entity.Has(Access.ChildWrite) ? ReadsWrites : Get);
    }

    private static VendorRoute? ChildItem(EntityDescription entity, IReadOnlyList<string> segments) =>
        entity.Has(Access.ChildRead) && segments.Count == 5 && Number(segments[4]) is { } id
            ? new VendorRoute(RouteKind.ChildItem, entity.Has(Access.ChildDelete) ? GetDelete : Get) { Id = id }
            : null;

    private static VendorRoute? Described(IReadOnlyList<string> segments, int at)
    {
        if (!Same(segments[at], "entityInformation"))
            return null;
        return (segments.Count - at) switch
        {
            1 => new VendorRoute(RouteKind.EntityInformation, Get),
            2 when Same(segments[at + 1], "fields") => new VendorRoute(RouteKind.Fields, Get),
            2 when Same(segments[at + 1], "userDefinedFields") => new VendorRoute(RouteKind.UserDefinedFields, Get),
            _ => null,
        };
    }

    private static bool Same(string segment, string word) => string.Equals(segment, word, StringComparison.OrdinalIgnoreCase);

    private static long? Number(string segment) =>
        long.TryParse(segment, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
