using System.Net;
using System.Net.Sockets;

namespace UsageBilling.Connectors.Http;

/// <summary>Whether an address belongs to the public internet. Everything else is refused: a vendor's name may not lead into our own network.</summary>
internal static class PublicAddress
{
    // IANA's special-purpose registries. IPv6 is the other way round: 2000::/3 is public, less what is carved out of it.
    private static readonly IPNetwork[] s_refusedV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),        // this network, unspecified
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),    // carrier-grade NAT; a cloud's metadata lives at 100.100.100.200
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"), // Azure's platform address, public by number only
        IPNetwork.Parse("169.254.0.0/16"),   // link-local; most clouds' metadata
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),   // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),      // multicast
        IPNetwork.Parse("240.0.0.0/4"),      // reserved, broadcast
    ];

    private static readonly IPNetwork s_publicV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] s_refusedV6 =
    [
        IPNetwork.Parse("2001::/23"),        // Teredo and other ways to carry an IPv4 address inside
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),        // 6to4
        IPNetwork.Parse("3fff::/20"),
    ];

    /// <remarks>Mapped addresses (<c>::ffff:10.0.0.1</c>) are sorted out first: <see cref="IPNetwork.Contains"/> says that 2000::/3 contains all of them.</remarks>
    public static bool Is(IPAddress address) => address.AddressFamily switch
    {
        _ when address.IsIPv4MappedToIPv6 => false,
        AddressFamily.InterNetwork => !Array.Exists(s_refusedV4, network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => s_publicV6.Contains(address) && !Array.Exists(s_refusedV6, network => network.Contains(address)),
        _ => false,
    };
}
