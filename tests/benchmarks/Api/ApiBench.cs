using System.Globalization;
using Spectre.Console;
using UsageBilling.Api.Hosting;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;
using UsageBilling.Benchmarks.Turns;
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
    public static ReadResult Of(Read read) => new(Math.Round(read.Milliseconds.Count / read.Seconds), read.Percentile(50), read.Percentile(99));
}

/// <summary><c>./bench api</c>: how soon the api answers a portal, with and without a night beside it.</summary>
internal static class ApiBench
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool> { ["--lines"] = true, ["--seconds"] = true, ["--connection"] = true };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var population = Population.Of(arguments.Number("--lines", 100_000, Population.Step, Population.LinesMax), 100);
        var time = TimeSpan.FromSeconds(arguments.Number("--seconds", 10, 1, 600));
        await using var server = await BenchDatabase.Open(arguments.Text("--connection"), cancellation);
        var began = Machine.Clock.GetTimestamp();
        void Progress(string said) => Console.WriteLine($"{Machine.Clock.GetElapsedTime(began).TotalSeconds,7:0.0} s  {said}");
        var connection = await server.Create(null, cancellation);
        try
        {
            var night = NightRun.Nights()[0];
            await using (var loading = NightRun.Source(connection, pooling: false)) await new Loader(loading, population, new(population, 0), Progress).Load(night.Night, cancellation);
            var result = await Measure(connection, population, night, time, server.Version, Progress, cancellation);
            Show(result);
            Console.WriteLine(JsonLine.Of(result));
            return result.Checks.Values.All(holds => holds) ? 0 : 1;
        }
        finally
        {
            await server.Drop(connection);
        }
    }

    private static async Task<ApiResult> Measure(
        string connection, Population population, (string Zone, DateOnly Night) night, TimeSpan time, string version, Action<string> progress, CancellationToken cancellation)
    {
        await using var database = NightRun.Source(connection, pooling: true);
        await Statement.Execute(database, "set_zone", cancellation, night.Zone, night.Night);
        await using var silo = await BenchSilo.Start(connection, population, cancellation);
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = connection, LogToConsole = false }, cancellation);
        var key = await new ApiKeys(database).Create(new MspId(1), "bench", ApiScope.Viewer, cancellation);
        using var readers = new Readers(api.BaseUrl, key, population.Lines);
        progress("warming up");
        await For(readers, WarmUp, cancellation);
        progress($"{Readers.Count} readers of one line, {Readers.Count} of pages of {Readers.PageRows}, for {time.TotalSeconds:0} s");
        var idle = await For(readers, time, cancellation);
        progress("the same while a night runs");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = readers.Read(over.Token);
        double seconds;
        try
        {
            seconds = await TurnBench.Night(database, night.Night, cancellation);
        }
        finally
        {
            await over.CancelAsync();
        }

        var busy = await reading;
        return new(
            population.Lines, 2 * Readers.Count, ReadResult.Of(idle.One), ReadResult.Of(idle.Page), ReadResult.Of(busy.One), ReadResult.Of(busy.Page), Math.Round(seconds, 2), version,
            new Dictionary<string, bool> { ["every_answer_was_right"] = new[] { idle.One, idle.Page, busy.One, busy.Page }.All(read => read.Wrong == 0) });
    }

    private static async Task<(Read One, Read Page)> For(Readers readers, TimeSpan time, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(time);
        return await readers.Read(over.Token);
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
