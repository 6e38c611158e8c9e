using UsageBilling.Connectors.Http;

namespace UsageBilling.Connectors.Autotask;

/// <summary>Where Autotask lives. Tenants type any zone host, with or without its path; all of them know where everybody is.</summary>
internal static class AutotaskAddress
{
    private const string Service = "ATServicesRest";
    private const string ZoneDomain = "autotask.net";

    public static AddressRule Rule(ConnectorOptions options) => new([], ZoneDomain, options);

    /// <summary><c>…/ATServicesRest/</c>, from a base url that may end before it, in it or in a version below it.</summary>
    public static Uri ServiceOf(Uri baseUrl)
    {
        var text = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var service = text.IndexOf("/" + Service, StringComparison.OrdinalIgnoreCase);
        var root = service < 0 ? text : text[..service];
        return new Uri($"{root}/{Service}/");
    }

    /// <summary>Whether a next-page link leads back to the list it came from; our secrets follow it.</summary>
    public static bool IsNextPageOf(Uri next, Uri query)
        => next.GetLeftPart(UriPartial.Authority).Equals(query.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
            && Plain(next).Equals(Plain(query) + "/next", StringComparison.OrdinalIgnoreCase);

    // One production client doubles a slash and the vendor takes it; its links may carry one too.
    private static string Plain(Uri address) => address.AbsolutePath.TrimEnd('/').Replace("//", "/", StringComparison.Ordinal);
}
