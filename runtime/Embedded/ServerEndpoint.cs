using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace UsageBilling.Runtime.Embedded;

/// <summary>Where the server listens: a unix socket in a private folder, or a port of 127.0.0.1 with a password.</summary>
internal sealed partial record ServerEndpoint(string Host, int Port)
{
    public const string User = "usagebilling";
    private const string LoopbackAddress = "127.0.0.1";
    private const int SocketPort = 5432; // only a part of the socket's file name
    private const int SocketPathBytesMax = 107; // sun_path without its final zero
    private const int ConnectSecondsMax = 5;
    private static readonly string[] ShortRoots = ["/tmp", "/run"];

    public bool IsSocket => Host.StartsWith('/');

    /// <summary>The home's own folder when its path is short enough for a socket, else a short private folder, else loopback.</summary>
    public static async Task<ServerEndpoint> Choose(
        ClusterHome home, ServerAccount account, EmbeddedPostgresOptions options, CancellationToken cancel)
    {
        if (options.Loopback) return new ServerEndpoint(LoopbackAddress, FreePort());
        if (Fits(home.Run) && CanBind(home.Run)) return new ServerEndpoint(home.Run, SocketPort);
        foreach (var folder in ShortFolders(home))
            if (Directory.Exists(Path.GetDirectoryName(folder)) && await MakePrivate(account, folder, cancel) && CanBind(folder))
                return new ServerEndpoint(folder, SocketPort);
        return new ServerEndpoint(LoopbackAddress, FreePort());
    }

    /// <summary>The short folders a home may use for its socket; the same ones on every start.</summary>
    public static IEnumerable<string> ShortFolders(ClusterHome home) =>
        ShortRoots.Select(root => $"{root}/usagebilling-{ClusterPlace.ShortHash(home.Folder)}");

    /// <param name="password">Needed on loopback only: the socket's folder admits nobody else.</param>
    public string ConnectionString(string database, string? password) => Builder(database, password).ConnectionString;

    /// <summary>One short-lived connection that shares no pool.</summary>
    public NpgsqlConnection Single(string database, string? password)
    {
        var builder = Builder(database, password);
        builder.Pooling = false;
        builder.Timeout = ConnectSecondsMax;
        return new NpgsqlConnection(builder.ConnectionString);
    }

    private NpgsqlConnectionStringBuilder Builder(string database, string? password)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Username = User,
            Database = database,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        if (!IsSocket) builder.Password = password;
        return builder;
    }

    private static bool Fits(string folder) =>
        Encoding.UTF8.GetByteCount($"{folder}/.s.PGSQL.{SocketPort}") <= SocketPathBytesMax && PlainPath().IsMatch(folder);

    private static async Task<bool> MakePrivate(ServerAccount account, string folder, CancellationToken cancel)
    {
        try
        {
            return await account.MakePrivateFolder(folder, cancel);
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    /// <summary>Some file systems (shared folders of virtual machines) hold no sockets.</summary>
    private static bool CanBind(string folder)
    {
        var probe = Path.Combine(folder, ".probe");
        try
        {
            File.Delete(probe);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(probe));
            return true;
        }
        catch (Exception refused) when (refused is SocketException or UnauthorizedAccessException or IOException)
        {
            return false;
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // A comma separates hosts for Npgsql and folders for PostgreSQL; other signs need quoting somewhere
    [GeneratedRegex("^[A-Za-z0-9/._ -]+$")]
    private static partial Regex PlainPath();
}
