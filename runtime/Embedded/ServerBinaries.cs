using System.Globalization;
using System.Text.RegularExpressions;

namespace UsageBilling.Runtime.Embedded;

/// <summary>One installed PostgreSQL server.</summary>
/// <param name="WalCompression">The quickest way it has to compress whole pages in its log: lz4, which is not built into every server, else pglz.</param>
internal sealed partial record ServerBinaries(string Folder, int Major, string Version, string WalCompression)
{
    public const int MajorMin = 15;
    private const int CandidatesMax = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly string[] Names = ["initdb", "pg_ctl", "postgres"];

    /// <summary>Folders with a version in their name; the highest version wins.</summary>
    private static readonly string[] VersionedPlaces =
    [
        "/usr/lib/postgresql/*/bin",             // Debian, Ubuntu
        "/usr/pgsql-*/bin",                      // Red Hat, from postgresql.org
        "/usr/libexec/postgresql*",              // Alpine
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
    ];

    private static readonly string[] PlainPlaces = ["/usr/local/pgsql/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"];

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    private string Postgres => Path.Combine(Folder, "postgres");

    /// <param name="majorWanted">The major version that made the cluster; null when there is none yet.</param>
    public static async Task<ServerBinaries> Find(
        string? onlyFolder, int? majorWanted, string clusterFolder, ServerAccount account, CancellationToken cancel)
    {
        var found = new List<ServerBinaries>();
        foreach (var folder in Candidates(onlyFolder).Distinct().Take(CandidatesMax))
        {
            if (await Probe(folder, account, cancel) is not { } binaries) continue;
            if (majorWanted is null || binaries.Major == majorWanted) return binaries;
            found.Add(binaries);
        }
        if (found.Count == 0) throw Missing(onlyFolder);
        throw new EmbeddedPostgresException(EmbeddedPostgresProblem.OtherVersion,
            $"The cluster in {clusterFolder} was made by PostgreSQL {majorWanted} but only version"
            + $" {string.Join(" and ", found.Select(f => f.Major))} is installed:"
            + $" get it with `apt-get install postgresql-{majorWanted}`, or start with another data folder.");
    }

    private static EmbeddedPostgresException Missing(string? onlyFolder) => new(
        EmbeddedPostgresProblem.ServerMissing,
        $"PostgreSQL {MajorMin} or newer is missing (no initdb, pg_ctl and postgres together in "
        + (onlyFolder ?? "PATH, /usr/lib/postgresql/*/bin, /usr/local/pgsql/bin or Homebrew's folders")
        + "): get it with `apt-get install postgresql` (macOS: `brew install postgresql@17`), or give a connection string.");

    private static IEnumerable<string> Candidates(string? onlyFolder)
    {
        if (onlyFolder is not null) return [Path.GetFullPath(onlyFolder)];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return path.Select(Real).Concat(VersionedPlaces.SelectMany(Versioned)).Concat(PlainPlaces.Select(Real));
    }

    /// <summary>A folder of links (as /usr/local/bin often is) stands for the folder the links lead to.</summary>
    private static string Real(string folder)
    {
        var target = new FileInfo(Path.Combine(folder, "pg_ctl"));
        return target.Exists && target.ResolveLinkTarget(returnFinalTarget: true) is { } real
            ? Path.GetDirectoryName(real.FullName)!
            : folder;
    }

    private static IEnumerable<string> Versioned(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        var parent = pattern[..pattern.LastIndexOf('/', star)];
        var name = pattern[(parent.Length + 1)..].Split('/')[0];
        if (!Directory.Exists(parent)) return [];
        return Directory.EnumerateDirectories(parent, name)
            .OrderByDescending(folder => int.TryParse(
                Digits().Match(Path.GetFileName(folder)).Value, CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => pattern.EndsWith("/bin", StringComparison.Ordinal) ? Path.Combine(folder, "bin") : folder);
    }

    private static async Task<ServerBinaries?> Probe(string folder, ServerAccount account, CancellationToken cancel)
    {
        if (!Names.All(name => File.Exists(Path.Combine(folder, name)))) return null;
        var unknown = new ServerBinaries(folder, 0, "", "pglz");
        var said = await account.Run([unknown.Postgres, "--version"], Limit, cancel);
        var match = VersionLine().Match(said.Output);
        if (!said.Ok || !match.Success) return null;
        var major = int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture);
        return major < MajorMin ? null : unknown with { Major = major, Version = match.Groups["version"].Value, WalCompression = await Compression(unknown, account, cancel) };
    }

    /// <summary>Asks the program for the value of the setting: one that it was not built with is refused. No cluster is looked at.</summary>
    private static async Task<string> Compression(ServerBinaries binaries, ServerAccount account, CancellationToken cancel)
    {
        var said = await account.Run(
            [binaries.Postgres, "-C", "wal_compression", "-c", "wal_compression=lz4", "-c", "config_file=/dev/null", "-D", binaries.Folder], Limit, cancel);
        return said.Ok ? "lz4" : binaries.WalCompression;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>(?<major>[0-9]+)[^ \n]*)")]
    private static partial Regex VersionLine();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
