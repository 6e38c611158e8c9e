using System.Globalization;

namespace UsageBilling.Runtime.Embedded;

/// <summary>The folder a cluster lives in. Ours are the marker and the lock; the server's account owns <c>pg</c> and <c>run</c>.
/// Whatever else lies there is not ours and is never touched.</summary>
internal sealed class ClusterHome(string folder)
{
    private const string MarkerName = "usagebilling-cluster";
    private const string LockName = "starting.lock";
    private const string DraftPrefix = "initialising-";
    private const int LockWaitSeconds = 90;
    private const int DraftsMax = 1000;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(50);

    // EAGAIN on Linux and on macOS: somebody else holds the flock
    private static readonly int[] LockTaken = [11, 35];

    private static readonly string[] NeededFiles =
        ["postgresql.conf", Path.Combine("global", "pg_control"), "base", "pg_wal"];

    public string Folder => folder;

    /// <summary>PGDATA.</summary>
    public string Cluster => Path.Combine(folder, "pg");

    /// <summary>The socket, the password and what the server said while starting. Mode 700.</summary>
    public string Run => Path.Combine(folder, "run");

    public string Password => Path.Combine(Run, "password");

    private string Marker => Path.Combine(folder, MarkerName);

    public bool IsOurs => File.Exists(Marker);

    public bool HasCluster => IsOurs && Directory.Exists(Cluster);

    /// <summary>The major version that made the cluster; null when there is no cluster.</summary>
    public int? Major()
    {
        if (!HasCluster) return null;
        var file = Path.Combine(Cluster, "PG_VERSION");
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var major))
            return major;
        throw Damaged("PG_VERSION is missing or unreadable");
    }

    public void RefuseDamaged()
    {
        var missing = NeededFiles.FirstOrDefault(name => !Path.Exists(Path.Combine(Cluster, name)));
        if (missing is not null) throw Damaged($"{missing} is missing");
    }

    public void RefuseForeign()
    {
        if (File.Exists(folder)) throw Foreign("is a file");
        if (IsOurs || !Directory.Exists(folder)) return;
        var strange = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(name => name != LockName);
        if (strange is not null) throw Foreign($"holds {strange} and was not made by UsageBilling");
    }

    /// <summary>One program at a time starts, stops or resets this cluster. Released when the process dies.</summary>
    public async Task<FileStream> Lock(TimeProvider clock, CancellationToken cancel)
    {
        var since = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken) when (LockTaken.Contains(taken.HResult))
            {
                if (clock.GetElapsedTime(since) > TimeSpan.FromSeconds(LockWaitSeconds))
                    throw new EmbeddedPostgresException(EmbeddedPostgresProblem.TimedOut,
                        $"Another program has been starting or stopping PostgreSQL in {folder} for more than {LockWaitSeconds} s.");
                await Task.Delay(LockPoll, clock, cancel);
            }
        }
    }

    public void Mark()
    {
        if (!IsOurs)
            File.WriteAllText(Marker, "UsageBilling keeps a private PostgreSQL cluster here and may delete it when told to reset.\n");
    }

    /// <summary>A fresh folder for initdb. Never a name used before: an orphaned initdb may still be writing there,
    /// and deletes its folder when it fails.</summary>
    public string NewDraft()
    {
        for (var n = 1; n <= DraftsMax; n++)
        {
            var draft = Path.Combine(folder, $"{DraftPrefix}{Environment.ProcessId}-{n}");
            if (!Path.Exists(draft)) return draft;
        }
        throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
            $"{folder} holds {DraftsMax} unfinished clusters: delete the folders named {DraftPrefix}*.");
    }

    /// <summary>Deletes what a killed initdb left behind; what is still being written is left for the next start.</summary>
    public void DropDrafts()
    {
        foreach (var draft in Directory.EnumerateDirectories(folder, DraftPrefix + "*")) DeleteQuietly(draft);
    }

    /// <summary>Deletes the cluster, keeping marker and lock: the lock file must outlive its holder.</summary>
    public void DropCluster()
    {
        DropDrafts();
        if (Directory.Exists(Run)) Directory.Delete(Run, recursive: true);
        if (!Directory.Exists(Cluster)) return;
        var doomed = NewDraft(); // a rename first, so that a killed reset never leaves half a cluster under its own name
        Directory.Move(Cluster, doomed);
        Directory.Delete(doomed, recursive: true);
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // Still being written by an orphaned initdb; the next start finds it again
        }
    }

    private EmbeddedPostgresException Foreign(string what) => new(
        EmbeddedPostgresProblem.FolderForeign, $"{folder} {what}: choose an empty data folder.");

    private EmbeddedPostgresException Damaged(string what) => new(
        EmbeddedPostgresProblem.ServerFailed,
        $"The PostgreSQL cluster in {Cluster} is damaged ({what}): restore it from a backup, or start over with --reset.");
}
