using System.Net;
using System.Net.Sockets;

namespace UsageBilling.Connectors.Http;

/// <summary>Opens a connection to a host: looks it up once, checks what came back, and connects to exactly that.</summary>
/// <remarks>A name that answers differently a second time (DNS rebinding) is never asked a second time.</remarks>
internal sealed class HostConnection(ConnectorOptions options)
{
    private const int AddressesTriedMax = 4;

    /// <summary>What every call to a host that somebody else named has in common: nothing is followed, nothing is kept, nobody is passed through, and no private address is reached.</summary>
    public static SocketsHttpHandler Handler(ConnectorOptions options, int connectionsMax, TimeSpan lifetime) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeLimit,
        ConnectCallback = new HostConnection(options).Open,
        MaxConnectionsPerServer = connectionsMax,
        MaxResponseHeadersLength = options.HeaderKilobytesMax,
        PooledConnectionLifetime = lifetime,
    };

    public async ValueTask<Stream> Open(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await Addresses(host, cancellation);
        Exception? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await Connect(address, context.DnsEndPoint.Port, cancellation);
            }
            catch (SocketException failure)
            {
                last = failure;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private async Task<IEnumerable<IPAddress>> Addresses(string host, CancellationToken cancellation)
    {
        var answer = IPAddress.TryParse(host, out var literal) ? [literal] : await options.Resolve(host, cancellation);
        // The rule let a loopback name pass only in development; it may then lead to the loopback and nowhere else.
        var loopback = AddressRule.IsLoopback(host);
        var named = options.DevelopmentHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
        foreach (var address in answer)
            if (!named && (loopback ? !IPAddress.IsLoopback(address) : !PublicAddress.Is(address)))
                throw new AddressRefusedException();
        return answer.OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6).Take(AddressesTriedMax);
    }

    private static async Task<Stream> Connect(IPAddress address, int port, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The host's name leads to an address that is not on the public internet.</summary>
internal sealed class AddressRefusedException() : Exception("The host leads to an address that may not be called.");
