using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>Where one vendor may be reached. A base url is typed by a tenant and a zone url by a vendor: both are asked here, on every call.</summary>
/// <param name="Hosts">Hosts by full name.</param>
/// <param name="ZoneDomain">A domain whose direct children are allowed too (<c>autotask.net</c>: <c>webservices15.autotask.net</c>), or null.</param>
/// <param name="Options">Which development hosts are allowed as well.</param>
internal sealed record AddressRule(IReadOnlyList<string> Hosts, string? ZoneDomain, ConnectorOptions Options)
{
    private const int HttpsPort = 443;
    private static readonly string[] s_loopbackHosts = ["127.0.0.1", "localhost", "[::1]", "::1"];

    public static bool IsLoopback(string host) => Array.Exists(s_loopbackHosts, name => name.Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null when the address may be called.</summary>
    public VendorFailure? Refusal(Uri address)
    {
        if (!address.IsAbsoluteUri) return Refused("it is not a whole address");
        if (address.UserInfo.Length > 0) return Refused("it carries a user name");
        if (IsHttp(address) && IsDevelopment(address.Host)) return null;
        if (address.Scheme != Uri.UriSchemeHttps || address.Port != HttpsPort) return Refused("it is not https on port 443");
        if (address.HostNameType != UriHostNameType.Dns || !IsVendorHost(address.IdnHost)) return Refused("the host is not one of this vendor");
        return null;
    }

    /// <summary>Whether only a development setting lets this host pass.</summary>
    private bool IsDevelopment(string host) =>
        (Options.AllowLoopback && IsLoopback(host)) || Options.DevelopmentHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsHttp(Uri address) => address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp;

    private bool IsVendorHost(string host)
        => Hosts.Contains(host, StringComparer.OrdinalIgnoreCase) || (ZoneDomain is not null && IsChildOf(host, ZoneDomain));

    private static bool IsChildOf(string host, string domain)
    {
        if (!host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase)) return false;
        var label = host.AsSpan(0, host.Length - domain.Length - 1);
        if (label.IsEmpty) return false;
        foreach (var character in label)
            if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                return false;
        return true;
    }

    private static VendorFailure Refused(string why)
        => new(VendorFailureKind.AddressRefused, "address_refused", $"The address may not be called: {why}.");
}
