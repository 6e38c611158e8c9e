using System.Globalization;
using Spectre.Console;

namespace UsageBilling.Benchmarks.Faults;

/// <summary><c>./bench faults</c>: every fault against every PSA, while silos are killed; nothing applied twice, nothing left without an end.</summary>
internal static class FaultBench
{
    private const int SpeedMax = 200;
    private const int TicketsMax = 1_000;
    private const int ChangesMax = 5_000;
    private const double PercentLeast = 0.1;
    private const int BmsShare = 80;
    private const int StrangersMax = 10_000;
    private const int HoursMax = 48;
    private const int WidthOfFile = 240;

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool>
    {
        ["--fault"] = true, ["--psa"] = true, ["--changes"] = true, ["--tickets"] = true, ["--percent"] = true, ["--seed"] = true, ["--speed"] = true, ["--bms-share"] = true,
        ["--strangers"] = true, ["--hours"] = true, ["--connection"] = true,
    };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var percent = (double)arguments.Decimal("--percent", 20, (decimal)PercentLeast, 100);
        var scenarios = Scenario.Named(arguments.Text("--fault"), percent);
        var plan = new FaultPlan(
            PretendPsa.Named(arguments.Text("--psa")), arguments.Number("--changes", 500, 2, ChangesMax), arguments.Number("--tickets", 200, 1, TicketsMax),
            arguments.Number("--seed", 1, 0, int.MaxValue), arguments.Number("--speed", 30, 1, SpeedMax), arguments.Number("--bms-share", BmsShare, 1, 90),
            arguments.Number("--strangers", 0, 0, StrangersMax), TimeSpan.FromHours(arguments.Number("--hours", 2, 1, HoursMax)));
        await using var server = await BenchDatabase.Open(arguments.Text("--connection"), cancellation);
        var began = Machine.Clock.GetTimestamp();
        var results = new List<FaultResult>();
        foreach (var scenario in scenarios)
        {
            var found = await new FaultRun(plan, server, scenario, said => Console.WriteLine($"{Machine.Clock.GetElapsedTime(began).TotalSeconds,7:0.0} s  {said}")).Run(cancellation);
            foreach (var result in found) Console.WriteLine($"           {result.Psa}: units {Said(result.Units)}; tickets {Said(result.Tickets)}; {Verdict(result)}");
            foreach (var sentence in found.SelectMany(result => result.Wrong)) Console.WriteLine($"           WRONG {sentence}");
            results.AddRange(found);
        }

        Show(plan, results);
        Console.WriteLine(JsonLine.Of(new { plan.Seed, plan.Speed, plan.Changes, plan.Tickets, results }));
        return results.TrueForAll(result => result.Checks.Values.All(holds => holds)) ? 0 : 1;
    }

    private static void Show(FaultPlan plan, List<FaultResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns($"seed {plan.Seed}", "PSA", "met", "units", "tickets", "sent again", "calls, most in an hour", "disturbed, recovered", "credentials saved", "checks");
        foreach (var result in results)
        {
            table.AddRow(
                string.Create(CultureInfo.InvariantCulture, $"{result.Fault}, {result.Percent:0.##} %"), result.Psa, $"{result.Met}", Said(result.Units), Said(result.Tickets), $"{result.SentAgain}",
                string.Create(CultureInfo.InvariantCulture, $"{result.Calls:N0}, {result.MostInAnHour:N0} of {result.AllowedInAnHour:N0}"),
                string.Create(CultureInfo.InvariantCulture, $"{result.DisturbedMinutes:0} min, {result.RecoveryMinutes:0.0} min"),
                $"{result.CredentialsSaved}",
                Verdict(result));
        }

        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = WidthOfFile;
        AnsiConsole.Write(table);
    }

    private static string Verdict(FaultResult result) =>
        result.Checks.Values.All(holds => holds) ? "yes" : $"NO: {string.Join(", ", result.Checks.Where(check => !check.Value).Select(check => check.Key))}";

    private static string Said(IReadOnlyDictionary<string, int> ends) => ends.Count == 0 ? "–" : string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}"));
}
