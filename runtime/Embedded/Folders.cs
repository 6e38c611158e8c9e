namespace UsageBilling.Runtime.Embedded;

/// <summary>Folders with an exact mode, whatever the umask. Callers have ruled Windows out (see <see cref="ServerAccount.Choose"/>).</summary>
internal static class Folders
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public const UnixFileMode Enterable =
        Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder with this mode; missing ones above it become enterable. One that exists stays as it is.</summary>
    public static void Make(string folder, UnixFileMode mode)
    {
        if (Directory.Exists(folder)) return;
        if (Path.GetDirectoryName(folder) is { } parent) Make(parent, Enterable);
        Directory.CreateDirectory(folder);
        SetMode(folder, mode);
    }

#pragma warning disable CA1416 // Not on Windows, where Choose has refused already
    public static void SetMode(string folder, UnixFileMode mode) => File.SetUnixFileMode(folder, mode);

    /// <summary>Never open to others, not even for an instant.</summary>
    public static void MakePrivate(string folder) => Directory.CreateDirectory(folder, Private);
#pragma warning restore CA1416
}
