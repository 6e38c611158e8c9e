namespace UsageBilling.Runtime.Embedded;

/// <summary>A private PostgreSQL instance that this program initialises and starts, so that nothing need be set up first.
/// Disposing stops the server if this object started it, and only then.</summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly ClusterHome home;
    private readonly Server server;
    private readonly EmbeddedPostgresOptions options;
    private readonly Throwaway? throwaway;
    private bool started;
    private bool disposed;

    private EmbeddedPostgres(
        ClusterHome home, Server server, ServerBinaries binaries, EmbeddedPostgresOptions options, Throwaway? throwaway, bool existed)
    {
        (this.home, this.server, this.options, this.throwaway) = (home, server, options, throwaway);
        Version = binaries.Version;
        ReusedExistingCluster = existed;
    }

    /// <summary>Reaches <see cref="EmbeddedPostgresOptions.Database"/> as the cluster's superuser. Over loopback it holds a password.</summary>
    public string ConnectionString => server.Endpoint.ConnectionString(options.Database, server.Password);

    /// <summary>The absolute folder where the cluster really lives, which is not the requested one
    /// when root asked for a folder that the server's account cannot enter.</summary>
    public string DataFolder => home.Folder;

    /// <summary>The server's version, for example <c>15.18</c>.</summary>
    public string Version { get; }

    /// <summary>False when this start made the cluster; true when its data was there before.</summary>
    public bool ReusedExistingCluster { get; }

    /// <summary>True when the server was running already, started by another program or by one that was killed.</summary>
    public bool ReusedRunningServer { get; private set; }

    /// <summary>The process number of the running server; null when it is stopped. For tests that kill it.</summary>
    public int? ProcessId => Postmaster.Read(home.Cluster) is { } postmaster && postmaster.Alive() ? postmaster.ProcessId : null;

    /// <summary>Initialises what is missing, starts the server unless it runs, and creates the database unless it exists.
    /// Waits at most about a minute for each of these. Two programs may start on the same folder at once.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot be had; the message says why in one sentence. Nothing has been deleted.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The server runs but would not create the database.</exception>
    public static async Task<EmbeddedPostgres> Start(EmbeddedPostgresOptions options, CancellationToken cancel)
    {
        var account = await ServerAccount.Choose(options.Clock, cancel);
        if (!options.Throwaway)
            return await StartIn(await ClusterPlace.Find(options, account, cancel), null, options, account, cancel);
        var throwaway = await Throwaway.Claim(options, account, cancel);
        try
        {
            return await StartIn(throwaway.Home, throwaway, options, account, cancel);
        }
        catch
        {
            await throwaway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server of the requested folder and deletes its cluster; nothing happens when there is none.
    /// Only what this program made is deleted.</summary>
    /// <returns>The folder whose cluster was deleted; null when there was none.</returns>
    /// <exception cref="EmbeddedPostgresException">The folder holds something that this program did not make, or the server does not stop.</exception>
    public static async Task<string?> Reset(EmbeddedPostgresOptions options, CancellationToken cancel)
    {
        var account = await ServerAccount.Choose(options.Clock, cancel);
        if (await ClusterPlace.Existing(options, account, cancel) is not { } home) return null;
        await using var exclusive = await home.Lock(options.Clock, cancel);
        if (Postmaster.Read(home.Cluster)?.Alive() == true)
        {
            var binaries = await ServerBinaries.Find(options.BinariesFolder, home.Major(), home.Cluster, account, cancel);
            await new Server(home, binaries, account, options).Stop(immediate: true, cancel);
        }
        home.DropCluster();
        foreach (var folder in ServerEndpoint.ShortFolders(home))
            if (Directory.Exists(folder) && await account.OwnerOf(folder, cancel) == account.Uid)
                Directory.Delete(folder, recursive: true);
        return home.Folder;
    }

    /// <summary>Stops the server, whoever started it. Open connections break.</summary>
    /// <param name="immediate">As if it had crashed: no checkpoint, recovery at the next start. For chaos tests.</param>
    public async Task Stop(bool immediate, CancellationToken cancel)
    {
        await using var exclusive = await home.Lock(options.Clock, cancel);
        await server.Stop(immediate, cancel);
    }

    /// <summary>Stops the server if it runs and starts it again. Over a socket the connection string stays the same;
    /// over loopback the port changes.</summary>
    /// <exception cref="EmbeddedPostgresException">It does not stop or does not start.</exception>
    public async Task Restart(CancellationToken cancel)
    {
        await using var exclusive = await home.Lock(options.Clock, cancel);
        await server.Stop(immediate: false, cancel);
        started |= await server.Launch(cancel);
    }

    /// <summary>Creates another database on this server unless it exists.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseIfMissing(string name, CancellationToken cancel)
    {
        var connectionString = server.Endpoint.ConnectionString(name, server.Password);
        await Databases.CreateIfMissing(connectionString, cancel);
        return connectionString;
    }

    /// <summary>Stops the server if this object started it. A throw-away instance is deleted as well.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        if (started) await Stop(immediate: throwaway is not null, CancellationToken.None);
        if (throwaway is not null) await throwaway.DisposeAsync();
    }

    private static async Task<EmbeddedPostgres> StartIn(
        ClusterHome home, Throwaway? throwaway, EmbeddedPostgresOptions options, ServerAccount account, CancellationToken cancel)
    {
        try
        {
            await using var exclusive = await home.Lock(options.Clock, cancel);
            home.RefuseForeign();
            var existed = home.HasCluster;
            var binaries = await ServerBinaries.Find(options.BinariesFolder, home.Major(), home.Cluster, account, cancel);
            var server = new Server(home, binaries, account, options);
            throwaway?.Watch(server);
            home.DropDrafts();
            if (existed) home.RefuseDamaged();
            else await server.Initialise(cancel);
            var instance = new EmbeddedPostgres(home, server, binaries, options, throwaway, existed);
            await instance.Launch(cancel);
            return instance;
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
                $"{home.Folder} cannot be used for PostgreSQL: {denied.Message}", denied);
        }
    }

    private async Task Launch(CancellationToken cancel)
    {
        started = await server.Launch(cancel);
        ReusedRunningServer = !started;
        try
        {
            await Databases.CreateIfMissing(ConnectionString, cancel);
        }
        catch when (started)
        {
            await server.Stop(immediate: false, CancellationToken.None);
            throw;
        }
    }
}
