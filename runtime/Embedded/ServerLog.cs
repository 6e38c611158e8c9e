using System.Text;
using System.Text.RegularExpressions;

namespace UsageBilling.Runtime.Embedded;

/// <summary>Finds what the server said since a moment, for the one sentence a person reads when it does not start.</summary>
internal sealed partial class ServerLog
{
    private const int BytesMax = 64 * 1024;
    private const int LinesToldMax = 2;
    private static readonly string[] Severities = ["FATAL:", "PANIC:", "ERROR:"];

    private readonly ClusterHome home;
    private readonly Dictionary<string, long> lengths;

    private ServerLog(ClusterHome home, Dictionary<string, long> lengths) => (this.home, this.lengths) = (home, lengths);

    /// <summary>What the server says before its own log is open; emptied at every start.</summary>
    public static string StartFile(ClusterHome home) => Path.Combine(home.Run, "start.log");

    public static ServerLog From(ClusterHome home) =>
        new(home, Files(home).ToDictionary(file => file, file => new FileInfo(file).Length));

    public bool Says(string words) => Since().Any(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>The last complaint with the line before it, or the last lines when there is no complaint, without their time stamps.</summary>
    public string Tail(string otherwise)
    {
        var lines = Since();
        var last = lines.FindLastIndex(line => Severities.Any(s => line.Contains(s, StringComparison.Ordinal)));
        var told = lines.Take(last < 0 ? lines.Count : last + 1).TakeLast(LinesToldMax).Select(line => Prefix().Replace(line, ""));
        var text = string.Join(" | ", told);
        return text.Length > 0 ? text : otherwise;
    }

    private List<string> Since() =>
        [.. Files(home).SelectMany(file => ReadFrom(file, lengths.GetValueOrDefault(file))).Where(line => line.Trim().Length > 0)];

    private static IEnumerable<string> Files(ClusterHome home)
    {
        var folder = Path.Combine(home.Cluster, "log");
        var collected = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.log") : [];
        return new[] { StartFile(home) }.Where(File.Exists).Concat(collected.OrderBy(File.GetLastWriteTimeUtc));
    }

    private static string[] ReadFrom(string file, long offset)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(offset > stream.Length ? 0 : offset, stream.Length - BytesMax);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n');
    }

    [GeneratedRegex(@"^[0-9-]+ [0-9:.]+ UTC \[[0-9]+\] ")]
    private static partial Regex Prefix();
}
