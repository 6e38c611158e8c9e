using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace UsageBilling.Runtime.Embedded;

/// <summary>Decides where the cluster of a requested folder lives: there, or, when root asked for a folder that the server's
/// account cannot enter, in a state folder. The same request always leads to the same place.</summary>
internal static class ClusterPlace
{
    private static readonly string[] StateFolders = ["/var/lib/usagebilling", "/var/tmp/usagebilling"];

    // pg_ctl hands its paths to a shell between double quotes
    private static readonly SearchValues<char> Unspeakable = SearchValues.Create("\"$`\\\n\r");

    /// <summary>The home, made when it is not there yet.</summary>
    public static async Task<ClusterHome> Find(EmbeddedPostgresOptions options, ServerAccount account, CancellationToken cancel)
    {
        var requested = Requested(options);
        if (await Existing(options, account, cancel) is { } existing) return existing;
        requested.RefuseForeign();
        try
        {
            return await Make(requested, options, account, cancel);
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
                $"{requested.Folder} cannot be used for PostgreSQL: {denied.Message}", denied);
        }
    }

    /// <summary>The home that holds a cluster for this request, or null. A foreign folder is refused.</summary>
    public static async Task<ClusterHome?> Existing(EmbeddedPostgresOptions options, ServerAccount account, CancellationToken cancel)
    {
        var requested = Requested(options);
        if (requested.HasCluster)
            return !account.Switched || await account.CanEnter(requested.Folder, cancel)
                ? requested
                : throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
                    $"{requested.Folder} holds a cluster that the account {account.Name} can no longer enter:"
                    + " open the folders above it (chmod o+x), or start with another data folder.");
        if (account.Switched)
        {
            foreach (var state in States(options).Select(folder => StateHome(folder, requested)))
                if (state.HasCluster && await account.CanEnter(state.Folder, cancel))
                    return state;
        }
        requested.RefuseForeign();
        return null;
    }

    private static async Task<ClusterHome> Make(
        ClusterHome requested, EmbeddedPostgresOptions options, ServerAccount account, CancellationToken cancel)
    {
        if (!account.Switched || await account.CanEnter(Standing(requested.Folder), cancel))
        {
            Folders.Make(requested.Folder, account.Switched ? Folders.Enterable : Folders.Private);
            return requested;
        }
        foreach (var folder in States(options))
        {
            if (!await account.CanEnter(Standing(folder), cancel) || !Writable(folder)) continue;
            if (await account.OwnerOf(folder, cancel) != ServerAccount.Root) continue; // somebody else's folder under /var/tmp
            var home = StateHome(folder, requested);
            Folders.Make(home.Folder, Folders.Enterable);
            return home;
        }
        throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
            $"The account {account.Name} cannot enter {requested.Folder} and no state folder can be made in"
            + $" {string.Join(" or ", States(options))}: choose another data folder.");
    }

    private static ClusterHome Requested(EmbeddedPostgresOptions options)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataFolder));
        if (folder.AsSpan().IndexOfAny(Unspeakable) >= 0)
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.FolderUnusable,
                $"{folder} has a quote, dollar, backslash or line break in its path, which pg_ctl cannot take: choose another data folder.");
        return new ClusterHome(folder);
    }

    private static string[] States(EmbeddedPostgresOptions options) =>
        options.StateFolder is { } folder ? [Path.GetFullPath(folder)] : StateFolders;

    private static ClusterHome StateHome(string stateFolder, ClusterHome requested) =>
        new(Path.Combine(stateFolder, ShortHash(requested.Folder)));

    /// <summary>Sixteen hexadecimal digits that stand for a path.</summary>
    public static string ShortHash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];

    /// <summary>The nearest folder above (or at) a path that is there already.</summary>
    private static string Standing(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent) folder = parent;
        return folder;
    }

    private static bool Writable(string folder)
    {
        try
        {
            Folders.Make(folder, Folders.Enterable);
            return true;
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
