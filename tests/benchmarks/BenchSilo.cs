using System.Diagnostics;
using System.Globalization;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo;

namespace UsageBilling.Benchmarks;

/// <summary>A silo as it is in production, in a process of its own; only its vendor is the made-up population, and intents wait.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    public const string Command = "silo";
    private const string UpLine = "silo up";

    private static readonly TimeSpan StartLongest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLongest = TimeSpan.FromSeconds(30);

    private readonly Process process;

    private BenchSilo(Process process) => this.process = process;

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool> { ["--connection"] = true, ["--lines"] = true, ["--changed"] = true };

    /// <summary>What the child process does.</summary>
    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var population = Population.Of(arguments.Number("--lines", 0, Population.Step, Population.LinesMax), arguments.Decimal("--changed", 0, 0, 100));
        await using var silo = await SiloServer.Start(
            new SiloOptions
            {
                ConnectionString = arguments.Text("--connection") ?? throw new BenchException("--connection is missing."),
                Clock = Machine.Clock,
                ProductSources = [new PopulationSource(population)],
                Hands = WorkKinds.Turns | WorkKinds.Reads | WorkKinds.Runs,
            },
            cancellation);
        Console.WriteLine(UpLine);
        await Console.In.ReadToEndAsync(cancellation);
        return 0;
    }

    public static async Task<BenchSilo> Start(string connection, Population population, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
            ArgumentList =
            {
                Command, "--connection", connection, "--lines", population.Lines.ToString(CultureInfo.InvariantCulture),
                "--changed", population.ChangedPercent.ToString(CultureInfo.InvariantCulture),
            },
        };
        var silo = new BenchSilo(Process.Start(start)!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLongest);
        while (await silo.process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == UpLine) return silo;
        }

        await silo.DisposeAsync();
        throw new BenchException("A silo ended before it was up; what it said stands above.");
    }

    /// <summary>The most memory the process ever had, in MB of 10⁶ bytes; null where the system does not tell.</summary>
    public decimal? PeakRssMb() => Machine.PeakRssMb(process.Id);

    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopLongest);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }
}
