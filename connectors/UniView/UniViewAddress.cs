using UsageBilling.Connectors.Http;

namespace UsageBilling.Connectors.UniView;

/// <summary>Where UniView's API and its token service live.</summary>
internal static class UniViewAddress
{
    private const string ApiHost = "public-api.backup.net";
    private const string LoginHost = "login.backup.net";
    private const string TokenPath = "connect/token";

    public static AddressRule Rule(ConnectorOptions options) => new([ApiHost, LoginHost], ZoneDomain: null, options);

    public static Uri Of(Uri baseUrl, string path) => new(baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + path);

    /// <summary>The real portal keeps its tokens on a host of their own; anything else (a sandbox) beside the API.</summary>
    public static Uri Token(Uri baseUrl)
        => baseUrl.Host.Equals(ApiHost, StringComparison.OrdinalIgnoreCase) ? new Uri($"https://{LoginHost}/{TokenPath}") : Of(baseUrl, TokenPath);
}
