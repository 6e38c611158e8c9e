using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Benchmarks.Chaos;
using UsageBilling.Benchmarks.Faults;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Connectors;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo;
using UsageBilling.Silo.Intents;

namespace UsageBilling.Benchmarks;

/// <summary>A silo as it is in production, in a process of its own; only its product is the made-up population, and intents wait unless it dispatches.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    public const string Command = "silo";
    private const string UpLine = "silo up";

    private static readonly TimeSpan StartLongest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLongest = TimeSpan.FromSeconds(30);

    private readonly Process process;

    private BenchSilo(Process process) => this.process = process;

    public static IReadOnlyDictionary<string, bool> Known { get; } = new Dictionary<string, bool>
    {
        ["--connection"] = true, ["--lines"] = true, ["--changed"] = true, ["--msp-accounts"] = true, ["--dispatch"] = false, [FastSilo.Began] = true, [FastSilo.Speed] = true, [FastSilo.BmsShare] = true,
    };

    /// <summary>What the child process does.</summary>
    public static async Task<int> Run(Arguments arguments, CancellationToken cancellation)
    {
        var connection = arguments.Text("--connection") ?? throw new BenchException("--connection is missing.");
        await using var silo = await Started(arguments.Has(FastSilo.Speed) ? FastSilo.Options(connection, arguments) : Measured(connection, arguments), cancellation);
        Console.WriteLine(UpLine);
        // on a thread of its own: reading the console blocks, also where it is awaited
        var parent = Task.Run(Console.In.ReadToEnd, CancellationToken.None);
        return await Task.WhenAny(parent, silo.Stopped(cancellation)) == parent ? 0 : 1;
    }

    /// <summary>One that reads the made-up population.</summary>
    private static SiloOptions Measured(string connection, Arguments arguments)
    {
        var population = Population.Of(arguments.Number("--lines", 0, Population.Step, Population.LinesMax), arguments.Decimal("--changed", 0, 0, 100)) with { MspAccounts = arguments.Number("--msp-accounts", Population.AccountsPerMsp, 1, Population.LinesMax) };
        var options = new SiloOptions
        {
            ConnectionString = connection,
            Clock = Machine.Clock,
            ProductSources = [new PopulationSource(population)],
            Hands = WorkKinds.Turns | WorkKinds.Reads | WorkKinds.Runs,
            // Nobody answers for the PSA
            ReconcileAfter = null,
        };
        return arguments.Has("--dispatch") ? Dispatching(options) : options;
    }

    /// <summary>Its supervisor starts it again; what it died of is told in a sentence.</summary>
    /// <remarks>A host that is told to stop while it starts, by a signal to the whole group or by a service that ended, says so by a cancellation that nobody here asked for.</remarks>
    private static async Task<SiloServer> Started(SiloOptions options, CancellationToken cancellation)
    {
        try
        {
            return await SiloServer.Start(options, cancellation);
        }
        catch (Exception gone) when (gone is NpgsqlException or Quartz.SchedulerException or DatabaseAbsentException)
        {
            throw new BenchException($"A silo could not start: {gone.Message.Split('\n')[0]}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BenchException("A silo was told to stop before it was up.");
        }
    }

    /// <summary>As in production, but for its vendor on this machine and for waits that fit into minutes.</summary>
    /// <remarks>What was lost is sent again after longer than any silo is frozen for: whoever wakes with a send in its hand has sent it by then.</remarks>
    private static SiloOptions Dispatching(SiloOptions options) => options with
    {
        Hands = options.Hands | WorkKinds.Intents,
        Connectors = new ConnectorOptions { AllowLoopback = true, CallTimeLimit = TimeSpan.FromSeconds(3), BreakerPause = TimeSpan.FromSeconds(2) },
        Intents = new IntentTimes
        {
            UnchangedFor = Disturber.FreezeLongest + TimeSpan.FromSeconds(10),
            CheckAfter = [TimeSpan.FromSeconds(2), Disturber.FreezeLongest + TimeSpan.FromSeconds(11)],
            RetryAfter = TimeSpan.FromMilliseconds(200), RetryAfterMax = TimeSpan.FromSeconds(5),
        },
        QuartzLog = LogLevel.None,
    };

    public static Task<BenchSilo> Start(string connection, Population population, CancellationToken cancellation) => Start(connection, Of(population), quiet: false, cancellation);

    /// <summary>One that sends intents too. Its log is off: its surroundings break all the time.</summary>
    public static Task<BenchSilo> StartDispatching(string connection, Population population, CancellationToken cancellation) => Start(connection, [.. Of(population), "--dispatch"], quiet: true, cancellation);

    /// <summary>One that only writes to PSAs, in fast time. Its log is off likewise.</summary>
    public static Task<BenchSilo> StartFast(string connection, IReadOnlyList<string> words, CancellationToken cancellation) => Start(connection, words, quiet: true, cancellation);

    private static string[] Of(Population population) =>
    [
        "--lines", population.Lines.ToString(CultureInfo.InvariantCulture), "--changed", population.ChangedPercent.ToString(CultureInfo.InvariantCulture),
        "--msp-accounts", population.MspAccounts.ToString(CultureInfo.InvariantCulture),
    ];

    private static async Task<BenchSilo> Start(string connection, IReadOnlyList<string> words, bool quiet, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Where the tests start the benchmark, the program is .NET's own and the first word is ours
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(BenchSilo).Assembly.Location);
        foreach (var word in (string[])[Command, "--connection", connection, .. words]) start.ArgumentList.Add(word);
        if (quiet) start.Environment["Logging__LogLevel__Default"] = "None";
        var silo = new BenchSilo(Process.Start(start)!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLongest);
        try
        {
            while (await silo.process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line == UpLine) return silo;
            }
        }
        catch (OperationCanceledException)
        {
            await silo.Kill();
            if (cancellation.IsCancellationRequested) throw;
        }

        await silo.DisposeAsync();
        throw new BenchException($"A silo ended before it was up, or was not up after {StartLongest.TotalSeconds:0} s.");
    }

    public bool HasExited => process.HasExited;

    /// <summary>As a power cut would: no last word to anybody.</summary>
    public async Task Kill()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>The process stands still, its sockets open, as on a host that is paused.</summary>
    public Task Freeze() => Signal("-STOP");

    public Task Wake() => Signal("-CONT");

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

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
