using System.Globalization;

namespace UsageBilling.Benchmarks;

/// <summary>What is measured with, and on what.</summary>
internal static class Machine
{
#pragma warning disable RS0030 // a benchmark is a composition root
    public static TimeProvider Clock { get; } = TimeProvider.System;
#pragma warning restore RS0030

    /// <summary>A COPY of millions of rows takes minutes, not hours.</summary>
    public static readonly TimeSpan CopyLongest = TimeSpan.FromHours(1);

    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_000_000_000m:0.#} GB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");

    public static decimal? PeakRssMb(int process)
    {
        var file = $"/proc/{process}/status";
        if (!File.Exists(file)) return null;
        var line = File.ReadLines(file).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return decimal.Parse(line["VmHWM:".Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024 / 1_000_000;
    }

    /// <summary>Processor time of a PostgreSQL server and of all its sessions, those that have ended included; null where the system does not tell.</summary>
    public static TimeSpan? ServerProcessor(int? postmaster)
    {
        if (postmaster is not { } server || !Directory.Exists("/proc/self")) return null;
        var ticks = Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(Stat).OfType<long[]>()
            .Sum(stat => stat[ProcessIdAt] == server ? stat[OwnTimeAt] + stat[ChildTimeAt] : stat[ParentAt] == server ? stat[OwnTimeAt] : 0);
        return TimeSpan.FromSeconds(ticks / (double)TicksPerSecond);
    }

    /// <summary>Processor time of one process on this machine; null where the system does not tell.</summary>
    public static TimeSpan? ProcessorOf(int process) =>
        File.Exists($"/proc/{process}/stat") && Stat($"/proc/{process}") is { } stat ? TimeSpan.FromSeconds(stat[OwnTimeAt] / (double)TicksPerSecond) : null;

    private const int TicksPerSecond = 100;
    private const int ProcessIdAt = 0;
    private const int ParentAt = 1;
    private const int OwnTimeAt = 2;
    private const int ChildTimeAt = 3;

    /// <summary>Process, parent, its own time, and that of its children that have ended; null when it ended meanwhile.</summary>
    private static long[]? Stat(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            // the name in brackets may have spaces
            var words = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long At(int word) => long.Parse(words[word], CultureInfo.InvariantCulture);
            return [long.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), At(1), At(11) + At(12), At(13) + At(14)];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";
}
