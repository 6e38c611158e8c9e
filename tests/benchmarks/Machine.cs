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

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";
}
