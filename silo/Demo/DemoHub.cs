using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Npgsql;
using Spectre.Console;
using UsageBilling.Connectors;
using UsageBilling.Runtime.Embedded;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Silo.Notices;

namespace UsageBilling.Silo.Demo;

/// <summary>The whole hub on one machine: a PostgreSQL, the sandbox vendors, a silo and the api, with a demo msp and its last night.</summary>
internal static class DemoHub
{
    private const int SandboxPort = 9100;
    private const string SecretsFile = "secrets";
    private const string SecretsFileEnding = ".key";

    public static async Task<int> Run(DemoOptions options)
    {
        if (Console.IsOutputRedirected) PlainOutput();
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            RefuseTakenPort(options.Port);
            Directory.CreateDirectory(DemoOptions.DataFolder);
            if (options.Reset) await Reset(options, stop.Token);
            return await Up(options, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return options.Once ? 130 : 0;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> Up(DemoOptions options, CancellationToken cancellation)
    {
        Say(options.Connection is null ? "Starting PostgreSQL" : "Connecting to PostgreSQL");
        await using var postgres = options.Connection is null ? await EmbeddedPostgres.Start(Embedded(), cancellation) : null;
        await using var stopped = new StoppedAtTheEnd(postgres);
        var connection = postgres?.ConnectionString ?? options.Connection!;
        if (postgres is not null) Say($"PostgreSQL {postgres.Version} in {postgres.DataFolder}{(postgres.ReusedExistingCluster ? ", with the data from before" : "")}");
        if (options.Connection is not null && await Databases.CreateIfMissing(connection, cancellation)) Say("Made the database, which was missing");
        await using var database = NpgsqlDataSource.Create(connection);
        await MigrationRunner.Run(database, cancellation);
        var secrets = await SecretsKeyFile(database, options, cancellation);

        var sandboxPort = Free(SandboxPort) ? SandboxPort : FreePort();
        await using var sandbox = await ChildProcess.Start(
            "sandbox",
            ["--port", Text(sandboxPort), "--state", Path.GetFullPath(options.FileFor("sandbox", ".json")), "--parent-stdin"],
            new Dictionary<string, string>(),
            "sandbox listening",
            cancellation);
        Say($"Sandbox vendors on http://127.0.0.1:{sandboxPort}");
        await using var silo = await SiloServer.Start(Silo(connection, secrets, options), cancellation);
        Say("Silo up");
        await using var api = await ChildProcess.Start(
            "api",
            ["--port", Text(options.Port), "--parent-stdin"],
            new Dictionary<string, string> { ["UsageBilling__Connection"] = connection, ["UsageBilling__SecretsKeyFile"] = secrets, ["UsageBilling__AllowLoopback"] = "true" },
            "api listening",
            cancellation);
        var apiUrl = new Uri($"http://127.0.0.1:{options.Port}");
        Say($"Api on {apiUrl}");

        var setup = await DemoSetup.Read(database, options, cancellation);
        using var hub = new HubClient(apiUrl, setup.Key);
        await setup.Load(hub, new Uri($"http://127.0.0.1:{sandboxPort}"), Say, cancellation);
        var night = new DemoNight(hub, DemoSetup.WallClock);
        var well = await night.Run(Say, cancellation);
        Urls(apiUrl, sandboxPort, setup.Key, options);
        if (options.Once) return well ? 0 : 1;
        AnsiConsole.MarkupLine("[grey]Ctrl-C ends it; the data stays for the next ./run.[/]");
        await Task.Delay(Timeout.InfiniteTimeSpan, DemoSetup.WallClock, cancellation);
        return 0;
    }

    /// <summary>A demo's night is over in seconds, and somebody looks for its notices.</summary>
    private static SiloOptions Silo(string connection, string secrets, DemoOptions options) => new()
    {
        ConnectionString = connection,
        SecretsKeyFile = secrets,
        Clock = DemoSetup.WallClock,
        Connectors = new ConnectorOptions { AllowLoopback = true },
        QuartzLog = LogLevel.Error,
        Notices = new NoticeOptions
        {
            From = "hub@demo.example", Folder = MailFolder(options),
            Times = new() { LookEvery = TimeSpan.FromSeconds(5), SettleFor = TimeSpan.FromSeconds(10), WaitFor = TimeSpan.FromSeconds(5) },
        },
    };

    /// <summary>Made beside the data for a database whose secrets nothing protects yet. One that is lost is not replaced: another key would open nothing.</summary>
    private static async Task<string> SecretsKeyFile(NpgsqlDataSource database, DemoOptions options, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(options.FileFor(SecretsFile, SecretsFileEnding));
        if (!await KeyRingStart.IsSealed(database, cancellation)) KeyFile.MakeIfMissing(path);
        return path;
    }

    private static string MailFolder(DemoOptions options) => Path.GetFullPath(options.FileFor("mail", ""));

    private static EmbeddedPostgresOptions Embedded() => new() { Clock = DemoSetup.WallClock, DataFolder = Path.GetFullPath(Path.Combine(DemoOptions.DataFolder, "pg")) };

    private static async Task Reset(DemoOptions options, CancellationToken cancellation)
    {
        if (options.Connection is not null) throw new DemoException("--reset deletes the private PostgreSQL only; empty a database of your own by its own means.");
        var deleted = await EmbeddedPostgres.Reset(Embedded(), cancellation);
        File.Delete(options.FileFor("sandbox", ".json"));
        File.Delete(options.FileFor(DemoSetup.KeyFile, ""));
        File.Delete(options.FileFor(SecretsFile, SecretsFileEnding));
        if (Directory.Exists(MailFolder(options))) Directory.Delete(MailFolder(options), recursive: true);
        Say(deleted is null ? "There was no data to delete" : $"Deleted {deleted}");
    }

    private static void RefuseTakenPort(int port)
    {
        if (!Free(port)) throw new DemoException($"Port {port} is taken: choose another one with --port N.");
    }

    private static bool Free(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().All(listener => listener.Port != port);

    private static int FreePort() => Enumerable.Range(SandboxPort + 1, 100).FirstOrDefault(Free) is var port and > 0 ? port : throw new DemoException("No port from 9101 to 9200 is free for the sandbox vendors.");

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A file or a pipe gets neither colours nor a narrow table.</summary>
    private static void PlainOutput()
    {
        AnsiConsole.Profile.Capabilities.Ansi = false;
        AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        AnsiConsole.Profile.Width = 200;
    }

    private static void Say(string line) => AnsiConsole.MarkupLine($"[grey]·[/] {Markup.Escape(line)}");

    private static void Urls(Uri api, int sandboxPort, string key, DemoOptions options)
    {
        Console.WriteLine();
        Console.WriteLine($"Api            {api}v1/lines   (OpenAPI: {api}openapi/v1.json)");
        Console.WriteLine($"Api key        {key}");
        Console.WriteLine($"Sandbox        http://127.0.0.1:{sandboxPort}/");
        Console.WriteLine($"Notices        {MailFolder(options)}");
        if (!options.Once) Console.WriteLine($"Try            curl -H 'Authorization: Bearer {key}' {api}v1/holds");
    }

    /// <summary>The private server goes down with the demo, also one that an earlier, killed demo had started.</summary>
    private sealed class StoppedAtTheEnd(EmbeddedPostgres? server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (server is not null) await server.Stop(immediate: false, CancellationToken.None);
        }
    }
}
