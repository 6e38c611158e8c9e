using UsageBilling.Connectors.Http;

namespace UsageBilling.Connectors.Bms;

/// <summary>Where BMS and Vorex live: the same API under two names, with one host for each region.</summary>
internal static class BmsAddress
{
    private const string Version = "/v2";

    private static readonly string[] s_bms = ["api.bms.kaseya.com", "api.bmsemea.kaseya.com", "api.bmsapac.kaseya.com"];

    // The vendor's own page names the first as the address and the second as its documentation's.
    private static readonly string[] s_vorex = ["api.vorexlogin.com", "api.vorexlogin.kaseya.com"];

    public static AddressRule Rule(string kind, ConnectorOptions options) => new(kind == BmsVendor.VorexKind ? s_vorex : s_bms, ZoneDomain: null, options);

    /// <summary>A path of version 2, from a base url that may end before the version or in it.</summary>
    public static Uri Of(Uri baseUrl, string path)
    {
        var root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (root.EndsWith(Version, StringComparison.OrdinalIgnoreCase)) root = root[..^Version.Length];
        return new Uri($"{root}{Version}/{path}");
    }
}
