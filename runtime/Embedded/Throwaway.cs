using System.Diagnostics;

namespace UsageBilling.Runtime.Embedded;

/// <summary>The temporary home of a throw-away instance. Three things clear it away: disposing, a watchdog that notices this process
/// ending in any way, and the next throw-away start, should the watchdog have been killed as well.</summary>
internal sealed class Throwaway : IAsyncDisposable
{
    private const int PerProcessMax = 1000;
    private const string OwnerEnding = ".owner";
    private static readonly TimeSpan WatchdogLimit = TimeSpan.FromSeconds(45);

    // Reads until our end of the pipe closes, which the kernel does however we die; then stops the server and deletes the folder.
    // "|| true": when we disposed in time there is no server left to stop
    private const string WatchdogScript =
        "trap '' INT TERM HUP; cat >/dev/null; home=$1; shift; \"$@\" >/dev/null 2>&1 || true; rm -rf \"$home\" \"$home.owner\"";

    private readonly FileStream owner;
    private readonly TimeProvider clock;
    private Process? watchdog;

    private Throwaway(ClusterHome home, FileStream owner, TimeProvider clock) => (Home, this.owner, this.clock) = (home, owner, clock);

    public ClusterHome Home { get; }

    /// <summary>Claims a new folder after clearing the leftovers of dead processes.</summary>
    public static async Task<Throwaway> Claim(EmbeddedPostgresOptions options, ServerAccount account, CancellationToken cancel)
    {
        var root = await Root(account, cancel);
        await Sweep(root, options, account, cancel);
        for (var n = 1; n <= PerProcessMax; n++)
        {
            var folder = Path.Combine(root, $"{Environment.ProcessId}-{n}");
            if (TryOwn(folder + OwnerEnding, FileMode.CreateNew) is not { } owner) continue;
            Folders.Make(folder, account.Switched ? Folders.Enterable : Folders.Private);
            return new Throwaway(new ClusterHome(folder), owner, options.Clock);
        }
        throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
            $"{root} holds {PerProcessMax} throw-away clusters of this process: something does not dispose them.");
    }

    public void Watch(Server server) =>
        watchdog = Command.Begin(["sh", "-c", WatchdogScript, "sh", Home.Folder, .. server.StopWords()]);

    /// <summary>Deletes the folder of a stopped server. The watchdog then finds nothing to do and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Directory.Exists(Home.Folder)) Directory.Delete(Home.Folder, recursive: true);
        }
        catch (IOException)
        {
            // A cancelled initdb is still writing: the watchdog deletes after us
        }
        File.Delete(Home.Folder + OwnerEnding);
        await owner.DisposeAsync();
        if (watchdog is null) return;
        watchdog.StandardInput.Close();
        using var limit = new CancellationTokenSource(WatchdogLimit, clock);
        await watchdog.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        watchdog.Dispose();
    }

    private static async Task<string> Root(ServerAccount account, CancellationToken cancel)
    {
        var ours = account.Switched ? ServerAccount.Root : account.Uid;
        foreach (var parent in new[] { Path.GetTempPath(), "/tmp", "/var/tmp" }.Distinct())
        {
            if (!await account.CanEnter(parent, cancel)) continue;
            var root = Path.Combine(parent, $"usagebilling-throwaway-{ours}");
            Folders.Make(root, account.Switched ? Folders.Enterable : Folders.Private);
            if (await account.OwnerOf(root, cancel) == ours) return root; // a link is its maker's, so this refuses foreign links too
        }
        throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
            $"The account {account.Name} can enter neither {Path.GetTempPath()} nor /tmp nor /var/tmp: set TMPDIR to a folder it can enter.");
    }

    private static async Task Sweep(string root, EmbeddedPostgresOptions options, ServerAccount account, CancellationToken cancel)
    {
        foreach (var file in Directory.EnumerateFiles(root, "*" + OwnerEnding))
        {
            await using var dead = TryOwn(file, FileMode.Open);
            if (dead is null) continue; // its process lives
            var home = new ClusterHome(file[..^OwnerEnding.Length]);
            if (Postmaster.Read(home.Cluster)?.Alive() == true)
            {
                var binaries = await ServerBinaries.Find(options.BinariesFolder, home.Major(), home.Cluster, account, cancel);
                await new Server(home, binaries, account, options).Stop(immediate: true, cancel);
            }
            if (Deleted(home.Folder)) File.Delete(file);
        }
    }

    /// <summary>A server that has just died may still be clearing up; what is left then is swept by the next who comes.</summary>
    private static bool Deleted(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static FileStream? TryOwn(string file, FileMode mode)
    {
        try
        {
            return new FileStream(file, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null; // exists, is gone, or is held
        }
    }
}
