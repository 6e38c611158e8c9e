using System.Globalization;
using Spectre.Console;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;

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
    private static readonly TimeSpan NightLongest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

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

    public static async Task<TurnResults> Measure(Population population, TimeSpan time, BenchDatabase server, CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        void Progress(string said) => Console.WriteLine($"{Machine.Clock.GetElapsedTime(began).TotalSeconds,7:0.0} s  {said}");
        var connection = await server.Create(null, cancellation);
        try
        {
            var night = NightRun.Nights()[0];
            await using (var loading = NightRun.Source(connection, pooling: false)) await new Loader(loading, population, new(population, 0), Progress).Load(night.Night, cancellation);
            return await Measure(connection, population, night, time, server.Version, Progress, cancellation);
        }
        finally
        {
            await server.Drop(connection);
        }
    }

    private static async Task<TurnResults> Measure(
        string connection, Population population, (string Zone, DateOnly Night) night, TimeSpan time, string version, Action<string> progress, CancellationToken cancellation)
    {
        await using var database = NightRun.Source(connection, pooling: true);
        var manual = await Statement.Scalar<long[]>(database, "manual_lines", cancellation, ManualLines);
        await Statement.Execute(database, "set_zone", cancellation, night.Zone, night.Night);
        await using var silo = await BenchSilo.Start(connection, population, cancellation);
        await using var callers = new Callers(connection, manual, night.Night);
        progress("warming up");
        var warm = await For(callers, WarmUp, cancellation);
        progress($"{Callers.Count} callers for {time.TotalSeconds:0} s");
        var idle = await For(callers, time, cancellation);
        progress("the same while a night runs");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asking = callers.Ask(over.Token);
        double seconds;
        try
        {
            seconds = await Night(database, night.Night, cancellation);
        }
        finally
        {
            await over.CancelAsync();
        }

        var busy = await asking;
        var accepted = warm.Milliseconds.Count + idle.Milliseconds.Count + busy.Milliseconds.Count;
        var written = await Statement.Scalar<long>(database, "units_given", cancellation);
        return new(
            population.Lines, Callers.Count, idle.TurnsPerSecond, idle.Percentile(50), idle.Percentile(99), idle.Refused, idle.Busy,
            busy.TurnsPerSecond, busy.Percentile(50), busy.Percentile(99), busy.Refused, busy.Busy, Math.Round(seconds, 2), version,
            new Dictionary<string, bool> { ["every_accepted_turn_is_there_once"] = written == accepted });
    }

    private static async Task<Asked> For(Callers callers, TimeSpan time, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(time);
        return await callers.Ask(over.Token);
    }

    internal static async Task<double> Night(Npgsql.NpgsqlDataSource database, DateOnly night, CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        await Statement.Execute(database, "start_night", cancellation, "1", 1L, long.MaxValue);
        await Statement.Run(database, "notify", cancellation);
        while (!(await Statement.Flags(database, "night_over", cancellation, night, 1L, long.MaxValue)).All(over => over))
        {
            if (Machine.Clock.GetElapsedTime(began) > NightLongest) throw new BenchException($"The night was not over after {NightLongest.TotalMinutes:0} minutes: the silo is stuck.");
            await Task.Delay(LookEvery, Machine.Clock, cancellation);
        }

        return Machine.Clock.GetElapsedTime(began).TotalSeconds;
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
