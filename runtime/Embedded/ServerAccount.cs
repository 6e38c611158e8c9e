using System.Globalization;

namespace UsageBilling.Runtime.Embedded;

/// <summary>The account the server runs under: our own, or an unprivileged one when we are root.</summary>
internal sealed class ServerAccount
{
    /// <summary>The user number of root.</summary>
    public const int Root = 0;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly string[] UnprivilegedNames = ["postgres", "nobody"];

    private readonly TimeProvider clock;
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<string>> asAccount;

    private ServerAccount(
        string name, int uid, bool switched, TimeProvider clock, Func<IReadOnlyList<string>, IReadOnlyList<string>> asAccount) =>
        (Name, Uid, Switched, this.clock, this.asAccount) = (name, uid, switched, clock, asAccount);

    public string Name { get; }

    public int Uid { get; }

    /// <summary>True when we are root and the server runs under another account.</summary>
    public bool Switched { get; }

    public static async Task<ServerAccount> Choose(TimeProvider clock, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.AccountMissing,
                "A private PostgreSQL instance can be started on Linux and macOS only: give a connection string.");
        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount(Environment.UserName, await UidOf(null, clock, cancel) ?? -1, false, clock, words => words);
        foreach (var name in UnprivilegedNames)
        {
            if (await UidOf(name, clock, cancel) is not { } uid) continue;
            foreach (var way in Ways(name))
                if ((await Command.Run(way(["true"]), null, Limit, clock, cancel)).Ok)
                    return new ServerAccount(name, uid, true, clock, way);
        }
        throw new EmbeddedPostgresException(EmbeddedPostgresProblem.AccountMissing,
            "PostgreSQL does not run as root and no other account can be used (tried postgres and nobody with setpriv, runuser and su):"
            + " start this program as an ordinary user, or give a connection string.");
    }

    /// <summary>The words that run a command under this account.</summary>
    public IReadOnlyList<string> Wrap(IReadOnlyList<string> words) => asAccount(words);

    public Task<CommandResult> Run(IReadOnlyList<string> words, TimeSpan limit, CancellationToken cancel) =>
        Command.Run(asAccount(words), null, limit, clock, cancel);

    public async Task<bool> CanEnter(string folder, CancellationToken cancel) =>
        (await Run(["sh", "-c", "cd \"$1\"", "sh", folder], Limit, cancel)).Ok;

    /// <summary>Makes a folder that only this account (and root) can enter.</summary>
    /// <returns>False when the path is a link or belongs to somebody else.</returns>
    public async Task<bool> MakePrivateFolder(string folder, CancellationToken cancel)
    {
        Folders.MakePrivate(folder); // leaves one that exists as it is
        if (new DirectoryInfo(folder).LinkTarget is not null) return false;
        var owner = await OwnerOf(folder, cancel);
        if (Switched && owner == Root) // made now, or by a start that was killed before the next line
            owner = (await Command.Run(["chown", "-h", Name, folder], null, Limit, clock, cancel)).Ok ? Uid : owner;
        if (owner != Uid) return false;
        Folders.SetMode(folder, Folders.Private);
        return true;
    }

    /// <summary>Replaces a file in one step as the account itself, so that root never writes where the account could have laid a link.</summary>
    public async Task Write(string path, string text, CancellationToken cancel)
    {
        var written = await Command.Run(
            asAccount(["sh", "-c", "umask 077 && cat > \"$1.new\" && mv -f \"$1.new\" \"$1\"", "sh", path]), text, Limit, clock, cancel);
        if (!written.Ok)
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable, $"{path} cannot be written: {written.LastLine}.");
    }

    /// <summary>The user number that owns a path; null when it cannot be told.</summary>
    public async Task<int?> OwnerOf(string path, CancellationToken cancel)
    {
        var listed = await Command.Run(["ls", "-nd", path], null, Limit, clock, cancel); // POSIX; stat's options are not
        var columns = listed.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return listed.Ok && columns.Length > 2 && int.TryParse(columns[2], CultureInfo.InvariantCulture, out var uid) ? uid : null;
    }

    private static IEnumerable<Func<IReadOnlyList<string>, IReadOnlyList<string>>> Ways(string name)
    {
        // setpriv first: no PAM session. Busybox has a setpriv without --reuid, hence the trial run of each way
        yield return words => ["setpriv", $"--reuid={name}", $"--regid={name}", "--clear-groups", "--", .. words];
        yield return words => ["setpriv", $"--reuid={name}", "--regid=65534", "--clear-groups", "--", .. words]; // nobody's group is nogroup
        yield return words => ["runuser", "-u", name, "--", .. words];
        yield return words => ["su", "-s", "/bin/sh", name, "-c", string.Join(' ', words.Select(Quote))];
    }

    private static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static async Task<int?> UidOf(string? name, TimeProvider clock, CancellationToken cancel)
    {
        var said = await Command.Run(name is null ? ["id", "-u"] : ["id", "-u", name], null, Limit, clock, cancel);
        return said.Ok && int.TryParse(said.Output.Trim(), CultureInfo.InvariantCulture, out var uid) ? uid : null;
    }
}
