using System.Globalization;
using System.Text;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;
using UsageBilling.Benchmarks.Turns;

namespace UsageBilling.Benchmarks;

/// <summary><c>./bench all</c>: every measurement, three times where a median is quoted, as a Markdown report with the machine.</summary>
internal static class Everything
{
    private const int Times = 3;
    private const int Million = 1_000_000;

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool> { ["--out"] = true, ["--quick"] = false, ["--connection"] = true };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var quick = arguments.Has("--quick");
        // before the hour of work whose report it would lose
        if (arguments.Text("--out") is { } place && (Directory.Exists(place) || place.Length == 0 || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(place)))))
            throw new BenchException($"--out wants a file in a folder that is there, not '{place}'.");
        await using var server = await BenchDatabase.Open(arguments.Text("--connection"), cancellation);
        var report = new StringBuilder("# What the engine does on this machine\n\n");
        report.Append(CultureInfo.InvariantCulture, $"{Machine.Describe()}, PostgreSQL {server.Version} on the same machine. Medians of {(quick ? 1 : Times)}.\n\n");
        report.Append("| night | seconds | lines/s | SQL floor, s | ratio | MB a silo | checks |\n|---|---|---|---|---|---|---|\n");
        var well = true;
        foreach (var (name, plan) in Plans(quick ? 10 : 1))
        {
            var results = new List<NightResult>();
            for (var time = 0; time < (quick ? 1 : Times); time++) results.Add((await NightBench.Measure(plan, server, cancellation))[^1]);
            well &= results.TrueForAll(result => result.Checks.Values.All(holds => holds));
            report.Append(Row(name, results));
        }

        var turn = await TurnBench.Measure(Population.Of(quick ? 40_000 : 400_000, 100), TimeSpan.FromSeconds(quick ? 5 : 20), server, cancellation);
        report.Append(CultureInfo.InvariantCulture, $"\n| turns of people | a second | p50, ms | p99, ms |\n|---|---|---|---|\n| idle | {turn.TurnsPerSecond:0} | {turn.P50Ms:0.0} | {turn.P99Ms:0.0} |\n");
        report.Append(CultureInfo.InvariantCulture, $"| in a night | {turn.TurnsPerSecondInNight:0} | {turn.P50MsInNight:0.0} | {turn.P99MsInNight:0.0} |\n");
        if (arguments.Text("--out") is { } file) await File.WriteAllTextAsync(file, report.ToString(), cancellation);
        Console.Write(report.ToString());
        return well && turn.Checks.Values.All(holds => holds) ? 0 : 1;
    }

    /// <param name="smaller">Divides the lines, for a first look.</param>
    private static IEnumerable<(string Name, NightPlan Plan)> Plans(int smaller)
    {
        NightPlan Of(int lines, decimal changed, int silos = 1, int nights = 1, bool pinned = false, decimal failing = 0, bool floor = true) =>
            new(Population.Of(lines / smaller / Population.Step * Population.Step, changed), silos, nights, pinned, failing, floor);
        yield return ("1,000,000 lines, 5 % changed", Of(Million, 5));
        yield return ("1,000,000 lines, all changed", Of(Million, 100));
        yield return ("1,000,000 lines, all changed, two silos", Of(Million, 100, silos: 2, floor: false));
        yield return ("100,000 lines, all changed", Of(100_000, 100));
        yield return ("10,000 lines, all changed", Of(10_000, 100));
        yield return ("100,000 lines, 5 % changed", Of(100_000, 5));
        yield return ("200,000 lines, all changed, one silo", Of(200_000, 100, floor: false));
        yield return ("200,000 lines, all changed, two silos", Of(200_000, 100, silos: 2, floor: false));
        yield return ("200,000 lines, all changed, second night", Of(200_000, 100, nights: 2, floor: false));
        yield return ("the same with a transaction open for both nights", Of(200_000, 100, nights: 2, pinned: true, floor: false));
        yield return ("200,000 lines, all changed, 1 % failing", Of(200_000, 100, failing: 1, floor: false));
        yield return ("2,000,000 lines, all changed", Of(2 * Million, 100));
    }

    private static string Row(string name, List<NightResult> results) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {Median(results, result => result.Seconds):0.0} | {Median(results, result => result.LinesPerSecond):N0} | {Median(results, result => result.SqlFloorSeconds ?? 0):0.0} | {Median(results, result => result.RatioToFloor ?? 0):0.00} | {results.Max(result => result.PeakRssMb):0} | {(results.TrueForAll(result => result.Checks.Values.All(holds => holds)) ? "hold" : "BROKEN")} |\n");

    private static double Median(List<NightResult> results, Func<NightResult, double> figure) => results.Select(figure).Order().ElementAt(results.Count / 2);
}
