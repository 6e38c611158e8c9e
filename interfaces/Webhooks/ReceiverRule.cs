namespace UsageBilling.Interfaces.Webhooks;

/// <summary>Which addresses may be webhooks. The door asks when a person gives one, and whoever delivers asks at every call.</summary>
/// <param name="AllowLoopback">Development only: this machine, over plain http as well.</param>
/// <param name="DevelopmentHosts">Development only: hosts by full name that may be called over plain http as well.</param>
/// <remarks>Where a name leads is not asked here but at the connection: a name that is public today may lead to a private address tomorrow.</remarks>
public sealed record ReceiverRule(bool AllowLoopback, IReadOnlyList<string> DevelopmentHosts)
{
    /// <summary>Characters of an address.</summary>
    public const int UrlMax = 2_000;

    /// <summary>What production allows: https to names on the public internet.</summary>
    public static ReceiverRule Strict { get; } = new(false, []);

    /// <summary>Null when the address may be called; else a sentence.</summary>
    public string? Objection(string? url)
    {
        if (url is null || url.Length > UrlMax || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            return $"Must be a whole https address of at most {UrlMax} characters.";
        if (address.UserInfo.Length > 0) return "Must not carry a user name: the signature says who calls.";
        if (address.Fragment.Length > 0) return "Must not have a fragment: it is never sent.";
        if (IsDevelopment(address)) return null;
        if (address.Scheme != Uri.UriSchemeHttps) return "Must be https.";
        return address.HostNameType == UriHostNameType.Dns && address.IdnHost.Contains('.', StringComparison.Ordinal) ? null : "Must name a host on the public internet, not an address by number.";
    }

    private bool IsDevelopment(Uri address) => (AllowLoopback && address.IsLoopback) || DevelopmentHosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase);
}
