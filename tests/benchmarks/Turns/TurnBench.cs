using System.Globalization;
using Spectre.Console;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;
using UsageBilling.Runtime.Isolation;

namespace UsageBilling.Benchmarks.Turns;

/// <summary>What <c>./bench turn</c> found: idle, and while a night in which every line changes runs in a silo process.</summary>
/// <param name="Checks">Whether every accepted turn left exactly one count record.</param>
internal sealed record TurnResults(
    int Lines,
    int Callers,
    double TurnsPerSecond,
    double P50Ms,
    double P99Ms,
    int Refused,
    int Busy,
    double TurnsPerSecondInNight,
    double P50MsInNight,
    double P99MsInNight,
    int RefusedInNight,
    int BusyInNight,
    double NightSeconds,
    string PostgresVersion,
    IReadOnlyDictionary<string, bool> Checks);

/// <summary><c>./bench turn</c>: how soon one person's change is committed, with and without a night beside it.</summary>
internal static class TurnBench
{
    /// <summary>Enough that a line is changed now and then, as by people, and not all day long.</summary>
    private const int ManualLines = 2_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool> { ["--lines"] = true, ["--seconds"] = true, ["--connection"] = true };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var population = Population.Of(arguments.Number("--lines", 200_000, Population.Step, Population.LinesMax), 100);
        var time = TimeSpan.FromSeconds(arguments.Number("--seconds", 10, 1, 600));
        await using var server = await BenchDatabase.Open(arguments.Text("--connection"), cancellation);
        var result = await Measure(population, time, server, cancellation);
        Show(result);
        Console.WriteLine(JsonLine.Of(result));
        return result.Checks.Values.All(holds => holds) ? 0 : 1;
    }

    public static Task<TurnResults> Measure(Population population, TimeSpan time, BenchDatabase server, CancellationToken cancellation) =>
        LoadedRun.Of(server, population, run => Measure(run, population, time, server.Version, cancellation), cancellation);

    private static async Task<TurnResults> Measure(LoadedRun run, Population population, TimeSpan time, string version, CancellationToken cancellation)
    {
        await using var database = NightRun.Source(run.Connection, pooling: true);
        var manual = await Statement.Scalar<long[]>(database, "manual_lines", cancellation, ManualLines);
        await Statement.Execute(database, "set_zone", cancellation, run.Night.Zone, run.Night.Night);
        await using var silo = await BenchSilo.Start(run.Connection, population, cancellation);
        await using var callers = new Callers(run.Connection, await HubRoles.Read(database, cancellation), manual, run.Night.Night);
        run.Progress("warming up");
        var warm = await LoadedRun.For(callers.Ask, WarmUp, cancellation);
        run.Progress($"{Callers.Count} callers for {time.TotalSeconds:0} s");
        var idle = await LoadedRun.For(callers.Ask, time, cancellation);
        run.Progress("the same while a night runs");
        var (busy, seconds) = await run.DuringNight(database, callers.Ask, cancellation);
        var accepted = warm.Milliseconds.Count + idle.Milliseconds.Count + busy.Milliseconds.Count;
        var written = await Statement.Scalar<long>(database, "units_given", cancellation);
        return new(
            population.Lines, Callers.Count, idle.PerSecond, idle.Percentile(50), idle.Percentile(99), idle.Refused, idle.Busy,
            busy.PerSecond, busy.Percentile(50), busy.Percentile(99), busy.Refused, busy.Busy, Math.Round(seconds, 2), version,
            new Dictionary<string, bool> { ["every_accepted_turn_is_there_once"] = written == accepted });
    }

    private static void Show(TurnResults result)
    {
        var table = new Table().AddColumns($"{result.Callers} callers", "idle", $"in a night of {result.NightSeconds:0.0} s").Border(TableBorder.Simple);
        void Row(string name, double idle, double night, string format) =>
            table.AddRow(name, idle.ToString(format, CultureInfo.InvariantCulture), night.ToString(format, CultureInfo.InvariantCulture));
        Row("turns a second", result.TurnsPerSecond, result.TurnsPerSecondInNight, "N0");
        Row("p50, ms", result.P50Ms, result.P50MsInNight, "0.0");
        Row("p99, ms", result.P99Ms, result.P99MsInNight, "0.0");
        Row("refused", result.Refused, result.RefusedInNight, "N0");
        Row("busy", result.Busy, result.BusyInNight, "N0");
        AnsiConsole.Write(table);
        foreach (var (check, holds) in result.Checks) Console.WriteLine($"  {check.Replace('_', ' ')}: {(holds ? "yes" : "NO")}");
    }
}
