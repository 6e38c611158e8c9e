using System.Globalization;
using Spectre.Console;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;

namespace UsageBilling.Benchmarks.Chaos;

/// <summary><c>./bench chaos</c>: nights while silos are killed and frozen and the database crashes; at the end nothing is lost, doubled or sent twice.</summary>
internal static class ChaosBench
{
    private const int MinutesMax = 24 * 60;

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool> { ["--minutes"] = true, ["--lines"] = true, ["--changed"] = true, ["--seed"] = true };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var minutes = arguments.Number("--minutes", 5, 1, MinutesMax);
        var population = Population.Of(arguments.Number("--lines", 200_000, Population.Step, Population.LinesMax), arguments.Decimal("--changed", 80, 0, 100));
        var seed = arguments.Number("--seed", (int)(Machine.Clock.GetUtcNow().ToUnixTimeSeconds() % 1_000_000), 0, int.MaxValue);
        Console.WriteLine($"seed {seed}");
        await using var server = await BenchDatabase.Open(null, cancellation);
        var result = await Measure(new NightPlan(population, Fleet.Silos, 2, Pinned: false, FailingPercent: 0, Floor: false), server, minutes, seed, cancellation);
        Show(result);
        Console.WriteLine(JsonLine.Of(result));
        return result.Checks.Values.All(holds => holds) ? 0 : 1;
    }

    private static async Task<ChaosResult> Measure(NightPlan plan, BenchDatabase server, int minutes, int seed, CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        void Progress(string said) => Console.WriteLine($"{Machine.Clock.GetElapsedTime(began).TotalSeconds,7:0.0} s  {said}");
        var nights = NightRun.Nights();
        var loaded = await server.Create(null, cancellation);
        try
        {
            await using (var loading = NightRun.Source(loaded, pooling: false)) await new Loader(loading, plan.Population, new(plan.Population, 0), Progress).Load(nights[0].Night, cancellation);
            Progress("two nights to compare with");
            var quiet = await new ChaosRound(plan, server, loaded, seed, Progress).Run(nights, null, cancellation);
            var disturber = new Disturber(seed, minutes, server, Progress);
            var rounds = new List<RoundResult>();
            while (!disturber.IsDone)
            {
                Progress($"round {rounds.Count + 1}: {disturber.Progress}");
                rounds.Add(await new ChaosRound(plan, server, loaded, unchecked(seed + rounds.Count), Progress).Run(nights, disturber, cancellation));
            }

            return Result(plan, server, minutes, seed, quiet, rounds, disturber.Done);
        }
        finally
        {
            await server.Drop(loaded);
        }
    }

    private static ChaosResult Result(NightPlan plan, BenchDatabase server, int minutes, int seed, RoundResult quiet, List<RoundResult> rounds, Disturbances done)
    {
        List<double> seconds = [.. rounds.SelectMany(round => round.NightSeconds)];
        var checks = rounds.Append(quiet).SelectMany(round => round.Checks).GroupBy(check => check.Key).ToDictionary(check => check.Key, check => check.All(one => one.Value));
        return new(
            seed, minutes, plan.Population.Lines, plan.Population.ChangedPercent, seconds.Count, done.Kills, done.Freezes, done.DatabaseCrashes,
            done.ResumeSeconds.Count, Most(done.ResumeSeconds), Median(done.ResumeSeconds), Most(done.ResumeSecondsNoneFrozen), Most(done.CrashResumeSeconds),
            Rounded(seconds.Average() / quiet.NightSeconds.Average()), [.. seconds.Select(Rounded)], [.. quiet.NightSeconds.Select(Rounded)],
            Rounded(rounds.Max(round => round.SettleSeconds)), rounds.Append(quiet).Sum(round => round.EndedByThemselves), server.Version, checks);
    }

    private static void Show(ChaosResult result)
    {
        var table = new Table().AddColumns("chaos", $"seed {result.Seed}").Border(TableBorder.Simple);
        void Row(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
        Row("lines", $"{result.Lines:N0}, {result.ChangedPercent} % changed a night");
        Row("done to them", $"{result.Kills} kills, {result.Freezes} freezes, {result.DatabaseCrashes} database crashes in {result.Nights} nights");
        Row("after a kill", $"work went on within {result.ResumeSecondsMax:0.00} s, median {result.ResumeSecondsMedian:0.00} s ({result.ResumesMeasured} met work)");
        Row("with nobody frozen", $"within {result.ResumeSecondsMaxNoneFrozen:0.00} s");
        Row("after a crash", $"within {result.CrashResumeSecondsMax:0.00} s of the stop");
        Row("nights", $"{string.Join(", ", result.NightSeconds)} s; undisturbed {string.Join(", ", result.UndisturbedNightSeconds)} s: {result.RatioToUndisturbed:0.00} times as long");
        Row("PSA settled", $"within {result.SettleSecondsMax:0} s of the last turn");
        Row("ended by themselves", $"{result.EndedByThemselves} silos");
        foreach (var (check, holds) in result.Checks) Row(check.Replace('_', ' '), $"{(holds ? "yes" : "NO")}");
        AnsiConsole.Write(table);
    }

    private static double? Most(List<double> numbers) => numbers.Count == 0 ? null : Rounded(numbers.Max());

    private static double? Median(List<double> numbers) => numbers.Count == 0 ? null : Rounded(numbers.Order().ElementAt(numbers.Count / 2));

    private static double Rounded(double number) => Math.Round(number, 2);
}
