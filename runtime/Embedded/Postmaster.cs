using System.Diagnostics;
using System.Globalization;

namespace UsageBilling.Runtime.Embedded;

/// <summary>What a cluster's <c>postmaster.pid</c> says about the server that runs it, or ran it.</summary>
internal sealed record Postmaster(int ProcessId, ServerEndpoint Endpoint, string File)
{
    private const string FileName = "postmaster.pid";
    private const int PortLine = 3;
    private const int SocketFolderLine = 4;
    private const int AddressLine = 5;
    private const int NobodysProcessId = 99_999_999; // beyond every kernel's pid_max

    /// <summary>Null when no server runs and none died here.</summary>
    public static Postmaster? Read(string cluster)
    {
        var file = Path.Combine(cluster, FileName);
        string[] lines;
        try
        {
            lines = System.IO.File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return null; // not there, or gone while we looked
        }
        return new Postmaster(Number(lines, 0) ?? 0, Where(lines), file);
    }

    /// <summary>True when that process is there and is a server of this cluster; numbers are reused after a reboot or in containers.</summary>
    public bool Alive()
    {
        if (ProcessId <= 0) return false;
        if (!OperatingSystem.IsLinux()) return ProcessIsThere();
        try
        {
            var words = System.IO.File.ReadAllText($"/proc/{ProcessId}/cmdline").Split('\0');
            return words.Contains(Path.GetDirectoryName(File));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>PostgreSQL refuses to start while the number in the file belongs to any process. When it is somebody else's now,
    /// the number is replaced, not the file deleted: the shared memory key below it still guards against surviving backends.</summary>
    public Task Disown(ServerAccount account, CancellationToken cancel)
    {
        if (!ProcessIsThere()) return Task.CompletedTask;
        var lines = System.IO.File.ReadAllLines(File);
        lines[0] = NobodysProcessId.ToString(CultureInfo.InvariantCulture);
        return account.Write(File, string.Join('\n', lines) + "\n", cancel);
    }

    private bool ProcessIsThere()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static ServerEndpoint Where(string[] lines)
    {
        var socketFolder = lines.Length > SocketFolderLine ? lines[SocketFolderLine].Trim() : "";
        var address = lines.Length > AddressLine ? lines[AddressLine].Trim() : "";
        return new ServerEndpoint(socketFolder.Length > 0 ? socketFolder : address, Number(lines, PortLine) ?? 0);
    }

    private static int? Number(string[] lines, int index) =>
        lines.Length > index && int.TryParse(lines[index].Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;
}
