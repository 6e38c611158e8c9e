using System.Security.Cryptography;
using Npgsql;

namespace UsageBilling.Runtime.Embedded;

/// <summary>One cluster and the server process that runs it. The caller holds the home's lock while calling anything here.</summary>
internal sealed class Server(ClusterHome home, ServerBinaries binaries, ServerAccount account, EmbeddedPostgresOptions options)
{
    private const int StartSecondsMax = 60;
    private const int StopSecondsMax = 30;
    private const int PasswordBytes = 24;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan InitLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan CommandSlack = TimeSpan.FromSeconds(15);

    /// <summary>Where the running server listens; known after <see cref="Launch"/>.</summary>
    public ServerEndpoint Endpoint { get; private set; } = new("", 0);

    /// <summary>The password of the loopback; null on a socket.</summary>
    public string? Password => Endpoint.IsSocket ? null : File.ReadAllText(home.Password).Trim();

    /// <summary>Makes the cluster beside its place and renames it there, so that half a cluster never has the name of a whole one.</summary>
    public async Task Initialise(CancellationToken cancel)
    {
        home.Mark();
        var draft = home.NewDraft();
        await PrivateFolder(home.Run, cancel);
        await PrivateFolder(draft, cancel);
        await account.Write(home.Password, Convert.ToHexString(RandomNumberGenerator.GetBytes(PasswordBytes)) + "\n", cancel);
        string[] words =
        [
            binaries.Initdb, "-D", draft, "-U", ServerEndpoint.User, "-E", "UTF8", "--locale=C", "--auth-local=trust",
            "--auth-host=scram-sha-256", $"--pwfile={home.Password}", options.Throwaway ? "--no-sync" : "--data-checksums",
        ];
        var made = await account.Run(words, InitLimit, cancel);
        if (!made.Ok)
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.ServerFailed,
                $"PostgreSQL could not initialise a cluster in {home.Folder}: {made.LastLine}");
        var main = Path.Combine(draft, "postgresql.conf");
        await account.Write(main, await File.ReadAllTextAsync(main, cancel) + ServerSettings.Include, cancel);
        Directory.Move(draft, home.Cluster);
    }

    /// <summary>Starts the server, or finds the one that is running.</summary>
    /// <returns>True when this call started it.</returns>
    public async Task<bool> Launch(CancellationToken cancel)
    {
        await PrivateFolder(home.Run, cancel);
        var since = options.Clock.GetTimestamp();
        while (options.Clock.GetElapsedTime(since) < TimeSpan.FromSeconds(StartSecondsMax))
        {
            var running = Postmaster.Read(home.Cluster);
            if (running?.Alive() == true)
            {
                if (await Answers(running.Endpoint, cancel)) return false;
            }
            else
            {
                if (running is not null) await running.Disown(account, cancel);
                if (await TryStart(cancel)) return true;
            }
            await Task.Delay(Poll, options.Clock, cancel); // starting, recovering, or on its way out
        }
        throw new EmbeddedPostgresException(EmbeddedPostgresProblem.TimedOut,
            $"PostgreSQL in {home.Cluster} runs but does not answer within {StartSecondsMax} s; it may be recovering: start again in a minute.");
    }

    /// <summary>Stops the server; nothing happens when none runs.</summary>
    /// <param name="immediate">As if the server had crashed: no checkpoint, recovery at the next start.</param>
    public async Task Stop(bool immediate, CancellationToken cancel)
    {
        if (Postmaster.Read(home.Cluster)?.Alive() != true) return;
        var stopped = await PgCtl("stop", immediate ? "immediate" : "fast", cancel);
        if (!stopped.Ok && Postmaster.Read(home.Cluster)?.Alive() == true) stopped = await PgCtl("stop", "immediate", cancel);
        if (!stopped.Ok && Postmaster.Read(home.Cluster)?.Alive() == true)
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.TimedOut,
                $"PostgreSQL in {home.Cluster} did not stop within {StopSecondsMax} s: {stopped.LastLine}");
    }

    /// <summary>The words that stop this server at once, for a watchdog.</summary>
    public IReadOnlyList<string> StopWords() =>
        account.Wrap([binaries.PgCtl, "stop", "-D", home.Cluster, "-m", "immediate", "-w", "-t", $"{StopSecondsMax}"]);

    private Task<CommandResult> PgCtl(string verb, string mode, CancellationToken cancel) => account.Run(
        [binaries.PgCtl, verb, "-D", home.Cluster, "-m", mode, "-w", "-t", $"{StopSecondsMax}"],
        TimeSpan.FromSeconds(StopSecondsMax) + CommandSlack, cancel);

    /// <returns>False when backends of a killed server still hold its memory: worth another try.</returns>
    private async Task<bool> TryStart(CancellationToken cancel)
    {
        var endpoint = await ServerEndpoint.Choose(home, account, options, cancel);
        var settings = ServerSettings.Text(endpoint, binaries, options.Throwaway, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        await account.Write(Path.Combine(home.Cluster, ServerSettings.FileName), settings, cancel);
        await account.Write(Path.Combine(home.Cluster, ServerSettings.AccessFileName), ServerSettings.Access(endpoint), cancel);
        await account.Write(ServerLog.StartFile(home), "", cancel);
        var log = ServerLog.From(home);
        var started = await PgCtlStart(cancel);
        if (!started.Ok)
        {
            if (log.Says("pre-existing shared memory block")) return false;
            throw Failed(log.Tail(started.LastLine), Postmaster.Read(home.Cluster)?.Alive() == true);
        }
        Endpoint = endpoint;
        return true;
    }

    private async Task<CommandResult> PgCtlStart(CancellationToken cancel)
    {
        try
        {
            return await account.Run(
                [binaries.PgCtl, "start", "-D", home.Cluster, "-w", "-t", $"{StartSecondsMax}", "-l", ServerLog.StartFile(home)],
                TimeSpan.FromSeconds(StartSecondsMax) + CommandSlack, cancel);
        }
        catch (OperationCanceledException)
        {
            await Stop(immediate: false, CancellationToken.None); // pg_ctl is gone, but it may have left a server
            throw;
        }
    }

    private EmbeddedPostgresException Failed(string why, bool stillTrying) => stillTrying
        ? new EmbeddedPostgresException(EmbeddedPostgresProblem.TimedOut,
            $"PostgreSQL in {home.Cluster} is still starting after {StartSecondsMax} s ({why}): start again in a minute.")
        : new EmbeddedPostgresException(EmbeddedPostgresProblem.ServerFailed,
            $"PostgreSQL could not start on the cluster in {home.Cluster}: {why}");

    private async Task<bool> Answers(ServerEndpoint endpoint, CancellationToken cancel)
    {
        if (endpoint.Port == 0 || endpoint.Host.Length == 0) return false; // its file is not complete yet
        var password = endpoint.IsSocket ? null : (await File.ReadAllTextAsync(home.Password, cancel)).Trim();
        await using var connection = endpoint.Single(Databases.Maintenance, password);
        try
        {
            await connection.OpenAsync(cancel);
            Endpoint = endpoint;
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // starting up, recovering or shutting down
        }
    }

    private async Task PrivateFolder(string folder, CancellationToken cancel)
    {
        if (!await account.MakePrivateFolder(folder, cancel))
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
                $"{folder} is not a private folder of the account {account.Name}: it must own it with mode 700.");
    }
}
