using System.Globalization;
using Spectre.Console;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;
using UsageBilling.Grains.Billing;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Benchmarks.Posting;

/// <summary>What <c>./bench post</c> found: a plan of every line's charge of a month, applied, reversed and planned again.</summary>
/// <param name="PostedBefore">Entries of earlier months that are posted and lie beside.</param>
/// <param name="ProcessorSeconds">Of this process, PostgreSQL's not included.</param>
/// <param name="Checks">Whether every entry was posted once, and the sums are right.</param>
internal sealed record PostResult(
    int Items,
    int PostedBefore,
    double PlanSeconds,
    double ApplySeconds,
    double ApplyAgainSeconds,
    double ReverseSeconds,
    double PlanAgainSeconds,
    double ProcessorSeconds,
    string PostgresVersion,
    IReadOnlyDictionary<string, bool> Checks);

/// <summary><c>./bench post</c>: how long a billing clerk waits for a plan, and for its posting.</summary>
internal static class PostBench
{
    /// <summary>The lines of one msp of the population.</summary>
    private const int LinesMax = Population.AccountsPerMsp * Population.LinesPerContract;

    private const int MonthsMax = 60;

    private static readonly MspId Msp = new(1);

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool> { ["--items"] = true, ["--months"] = true, ["--connection"] = true };

    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var population = Population.Of(arguments.Number("--items", 10_000, Population.Step, LinesMax), 0);
        var months = arguments.Number("--months", 12, 0, MonthsMax);
        await using var server = await BenchDatabase.Open(arguments.Text("--connection"), cancellation);
        var connection = await server.Create(null, cancellation);
        try
        {
            var result = await Measure(connection, population, months, server.Version, cancellation);
            Show(result);
            Console.WriteLine(JsonLine.Of(result));
            return result.Checks.Values.All(holds => holds) ? 0 : 1;
        }
        finally
        {
            await server.Drop(connection);
        }
    }

    private static async Task<PostResult> Measure(string connection, Population population, int months, string version, CancellationToken cancellation)
    {
        var night = NightRun.Nights()[0].Night;
        await using var database = NightRun.Source(connection, pooling: true);
        await new Loader(database, population, 0, _ => { }).Load(night, cancellation);
        await Statement.Execute(database, "charge_every_line", cancellation, night, months);
        await Statement.Run(database, "vacuum", cancellation);
        var lines = new TurnEngine<Interfaces.Grains.ServiceLineState, Interfaces.Grains.ServiceLineMessage>(database, new ServiceLineGrain(), new ServiceLineTable(), new WorkSignal());
        var store = new PostingStore(database, lines, ApprovalPolicy.Judge);
        var processor = Environment.CpuUsage.TotalTime;

        var (plan, planSeconds) = await Timed(() => Plan(store, night, cancellation));
        var (posting, applySeconds) = await Timed(() => Apply(store, plan, cancellation));
        var (again, applyAgainSeconds) = await Timed(() => Apply(store, plan, cancellation));
        var once = await Statement.Scalar<bool>(database, "posted_once", cancellation, posting);
        var (_, reverseSeconds) = await Timed(() => store.Reverse(Msp, posting, "bench", cancellation));
        var undone = await Statement.Scalar<bool>(database, "ready_again", cancellation);
        var (planned, planAgainSeconds) = await Timed(() => Plan(store, night, cancellation));
        return new(
            plan.Items, population.Lines * months, planSeconds, applySeconds, applyAgainSeconds, reverseSeconds, planAgainSeconds,
            Math.Round((Environment.CpuUsage.TotalTime - processor).TotalSeconds, 2), version,
            new Dictionary<string, bool>
            {
                ["every_entry_is_posted_once"] = once && plan.Items == population.Lines,
                ["applied_twice_is_one_posting"] = again == posting,
                ["what_was_reversed_is_ready_again"] = undone && planned.Items == plan.Items,
            });
    }

    private static async Task<MadePlan> Plan(PostingStore store, DateOnly night, CancellationToken cancellation) =>
        await store.Plan(Msp, new(night), "bench", cancellation) is PlanAnswer.Made made ? made.Plan : throw new BenchException("Nothing was ready to plan.");

    private static async Task<long> Apply(PostingStore store, MadePlan plan, CancellationToken cancellation) =>
        await store.Apply(Msp, plan.Id, plan.Hash, "bench", Approval.ByPerson, cancellation) is ApplyAnswer.Applied applied
            ? applied.Posting
            : throw new BenchException("The plan was not applied.");

    private static async Task<(T Answer, double Seconds)> Timed<T>(Func<Task<T>> work)
    {
        var began = Machine.Clock.GetTimestamp();
        var answer = await work();
        return (answer, Math.Round(Machine.Clock.GetElapsedTime(began).TotalSeconds, 3));
    }

    private static void Show(PostResult result)
    {
        var table = new Table().AddColumns($"{result.Items:N0} items beside {result.PostedBefore:N0} posted before", "seconds").Border(TableBorder.Simple);
        void Row(string name, double seconds) => table.AddRow(name, seconds.ToString("0.000", CultureInfo.InvariantCulture));
        Row("plan", result.PlanSeconds);
        Row("apply", result.ApplySeconds);
        Row("apply again", result.ApplyAgainSeconds);
        Row("reverse", result.ReverseSeconds);
        Row("plan again", result.PlanAgainSeconds);
        AnsiConsole.Write(table);
        foreach (var (check, holds) in result.Checks) Console.WriteLine($"  {check.Replace('_', ' ')}: {(holds ? "yes" : "NO")}");
    }
}
