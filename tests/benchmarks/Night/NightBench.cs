using System.Globalization;
using Spectre.Console;
using UsageBilling.Benchmarks.Load;

namespace UsageBilling.Benchmarks.Night;

/// <summary><c>./bench night</c>: one night over a made-up customer base, through the code that runs in production.</summary>
internal static class NightBench
{
    public const int SilosMax = 16;

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool>
    {
        ["--lines"] = true, ["--changed"] = true, ["--silos"] = true, ["--nights"] = true, ["--pin"] = false, ["--failing"] = true, ["--floor"] = true, ["--connection"] = true,
    };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var plan = new NightPlan(
            Population.Of(arguments.Number("--lines", 100_000, Population.Step, Population.LinesMax), arguments.Decimal("--changed", 5, 0, 100)),
            arguments.Number("--silos", 1, 1, SilosMax),
            arguments.Number("--nights", 1, 1, 2),
            arguments.Has("--pin"),
            arguments.Decimal("--failing", 0, 0, 50),
            arguments.Word("--floor", "yes", "yes", "no") == "yes");
        await using var server = await BenchDatabase.Open(arguments.Text("--connection"), cancellation);
        var results = await Measure(plan, server, cancellation);
        foreach (var result in results) Console.WriteLine(result.ToJson());
        return results.All(result => result.Checks.Values.All(holds => holds)) ? 0 : 1;
    }

    public static async Task<IReadOnlyList<NightResult>> Measure(NightPlan plan, BenchDatabase server, CancellationToken cancellation)
    {
        var clock = Machine.Clock;
        var began = clock.GetTimestamp();
        var results = await new NightRun(plan, server, said => Console.WriteLine($"{clock.GetElapsedTime(began).TotalSeconds,7:0.0} s  {said}")).Run(cancellation);
        foreach (var result in results) Show(result);
        return results;
    }

    private static void Show(NightResult result)
    {
        var table = new Table().AddColumns("night", result.Night.ToString(CultureInfo.InvariantCulture)).Border(TableBorder.Simple);
        void Row(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
        Row("lines", $"{result.Lines:N0}");
        Row("changed", $"{result.Changed:N0}");
        Row("seconds", $"{result.Seconds:0.00} ({result.ReadSeconds:0.00} until all readings were written)");
        Row("lines a second", $"{result.LinesPerSecond:N0} ({result.ChangedPerSecond:N0} changed)");
        if (result.SqlFloorSeconds is { } floor) Row("SQL floor", $"{floor:0.00} s; the night took {result.RatioToFloor:0.00} times as long");
        Row("silos", $"{result.Silos}: at most {result.PeakRssMb:0} MB each, {result.SiloCpuSeconds:0.0} s of processor together, and {result.PostgresCpuSeconds:0.0} s of PostgreSQL");
        if (result.Pinned) Row("besides", $"a transaction was open all the while");
        if (result.Failing > 0) Row("failing lines", $"{result.Failing:N0}; the others did {result.OthersToUndisturbed:P0} of an undisturbed night, {result.OthersToUndisturbedByProcessor:P0} by processor time");
        Row("PostgreSQL", $"{result.PostgresVersion}");
        foreach (var (check, holds) in result.Checks) Row(check.Replace('_', ' '), $"{(holds ? "yes" : "NO")}");
        AnsiConsole.Write(table);
    }
}
