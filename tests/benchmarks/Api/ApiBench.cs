using System.Globalization;
using Spectre.Console;
using UsageBilling.Api.Access;
using UsageBilling.Api.Hosting;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;

namespace UsageBilling.Benchmarks.Api;

/// <summary>What <c>./bench api</c> found.</summary>
/// <param name="Checks">Whether every answer was 200 and every page full.</param>
internal sealed record ApiResult(
    int Lines, int Readers, ReadResult OneIdle, ReadResult PageIdle, ReadResult OneInNight, ReadResult PageInNight, double NightSeconds, string PostgresVersion, IReadOnlyDictionary<string, bool> Checks);

/// <summary>Reads of one kind.</summary>
internal sealed record ReadResult(double PerSecond, double P50Ms, double P99Ms)
{
    public static ReadResult Of(Read read) => new(read.PerSecond, read.Percentile(50), read.Percentile(99));
}

/// <summary><c>./bench api</c>: how soon the api answers a portal, with and without a night beside it.</summary>
internal static class ApiBench
{
    private const int ReadersMax = 100;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool> { ["--lines"] = true, ["--seconds"] = true, ["--readers"] = true, ["--connection"] = true };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var population = Population.Of(arguments.Number("--lines", 100_000, Population.Step, Population.LinesMax), 100);
        // all of them in one msp's list
        population = population with { MspAccounts = population.Accounts };
        var each = arguments.Number("--readers", 1, 1, ReadersMax);
        var time = TimeSpan.FromSeconds(arguments.Number("--seconds", 10, 1, 600));
        await using var server = await BenchDatabase.Open(arguments.Text("--connection"), cancellation);
        var result = await LoadedRun.Of(server, population, run => Measure(run, population, each, time, server.Version, cancellation), cancellation);
        Show(result);
        Console.WriteLine(JsonLine.Of(result));
        return result.Checks.Values.All(holds => holds) ? 0 : 1;
    }

    private static async Task<ApiResult> Measure(LoadedRun run, Population population, int each, TimeSpan time, string version, CancellationToken cancellation)
    {
        await using var database = NightRun.Source(run.Connection, pooling: true);
        await Statement.Execute(database, "set_zone", cancellation, run.Night.Zone, run.Night.Night);
        await using var silo = await BenchSilo.Start(run.Connection, population, cancellation);
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = run.Connection, LogToConsole = false, Limits = new(RequestLimits.Most, RequestLimits.Most) }, cancellation);
        var key = await new ApiKeys(database).Create(new MspId(1), "bench", ApiScope.Viewer, cancellation);
        using var readers = new Readers(api.BaseUrl, key, population.Lines, each);
        run.Progress("warming up");
        await LoadedRun.For(readers.Read, WarmUp, cancellation);
        run.Progress($"{each} readers of one line, {each} of pages of {Readers.PageRows}, for {time.TotalSeconds:0} s");
        var idle = await LoadedRun.For(readers.Read, time, cancellation);
        run.Progress("the same while a night runs");
        var (busy, seconds) = await run.DuringNight(database, readers.Read, cancellation);
        return new(
            population.Lines, 2 * each, ReadResult.Of(idle.One), ReadResult.Of(idle.Page), ReadResult.Of(busy.One), ReadResult.Of(busy.Page), Math.Round(seconds, 2), version,
            new Dictionary<string, bool> { ["every_answer_was_right"] = new[] { idle.One, idle.Page, busy.One, busy.Page }.All(read => read.Wrong == 0) });
    }

    private static void Show(ApiResult result)
    {
        var table = new Table().AddColumns($"{result.Readers} readers, {result.Lines:N0} lines", "a second", "p50, ms", "p99, ms").Border(TableBorder.Simple);
        void Row(string name, ReadResult read) => table.AddRow(
            name, read.PerSecond.ToString("N0", CultureInfo.InvariantCulture), read.P50Ms.ToString("0.0", CultureInfo.InvariantCulture), read.P99Ms.ToString("0.0", CultureInfo.InvariantCulture));
        Row("one line, idle", result.OneIdle);
        Row("a page, idle", result.PageIdle);
        Row(string.Create(CultureInfo.InvariantCulture, $"one line, in a night of {result.NightSeconds:0.0} s"), result.OneInNight);
        Row("a page, in it", result.PageInNight);
        AnsiConsole.Write(table);
        foreach (var (check, holds) in result.Checks) Console.WriteLine($"  {check.Replace('_', ' ')}: {(holds ? "yes" : "NO")}");
    }
}
