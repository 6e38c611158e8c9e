using System.Globalization;
using UsageBilling.Connectors;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Telemetry;
using UsageBilling.Silo.Hygiene;
using UsageBilling.Silo.Notices;

namespace UsageBilling.Silo.Commands;

/// <summary><c>usagebilling silo</c>: works until somebody stops it.</summary>
internal sealed class StartSilo(SiloOptions options, bool parentStdin) : ICommand
{
    public const string Usage = "usagebilling [silo] [--connection \"Host=…\"] [--health-port N] [--parent-stdin]";

    private static readonly Dictionary<string, bool> Known = new() { [Options.Connection] = true, ["--health-port"] = true, ["--parent-stdin"] = false };

    public static (ICommand? Command, string? Objection) Read(IEnumerable<string> arguments)
    {
        var (given, objection) = Options.Read(arguments, Known);
        if (given is null) return (null, objection);
        var (port, portObjection) = given.Port("--health-port");
        var (connection, databaseObjection) = given.Database("A silo");
        var (hygiene, hygieneObjection) = HygieneSettings.Read(Options.Setting);
        var (notices, noticeObjection) = NoticeSettings.Read(Options.Setting);
        var (share, shareObjection) = AutotaskShare(Options.Setting("AutotaskSharePercent"));
        var (kaseya, kaseyaObjection) = BmsSettings.Read(Options.Setting);
        var (wait, waitObjection) = DatabaseWait.FromText(Options.Setting("DatabaseWaitSeconds"));
        var (keyFile, keyObjection) = KeyFile.FromText(Options.Setting("SecretsKeyFile"));
        var (logForm, logObjection) = HubLog.FormOf(Options.Setting("LogForm"));
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        string?[] objections =
            [portObjection, databaseObjection, hygieneObjection, noticeObjection, shareObjection, kaseyaObjection, waitObjection, keyObjection, logObjection, .. TelemetryExport.Objections(environment)];
        if (objections.OfType<string>().ToList() is { Count: > 0 } wrong) return (null, string.Join('\n', wrong));
#pragma warning disable RS0030 // the composition root names the wall clock
        var clock = TimeProvider.System;
#pragma warning restore RS0030
        var options = new SiloOptions
        {
            ConnectionString = connection,
            SecretsKeyFile = keyFile,
            Clock = clock,
            HealthPort = port ?? PortSetting(),
            DatabaseWait = wait,
            Hygiene = hygiene,
            Notices = notices,
            LogForm = logForm,
            Telemetry = environment,
            Connectors = kaseya with
            {
                AllowLoopback = string.Equals(Options.Setting("AllowLoopback"), "true", StringComparison.OrdinalIgnoreCase),
                DevelopmentHosts = Options.Setting("AllowDevelopmentHosts")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
                AutotaskSharePercent = share ?? new ConnectorOptions().AutotaskSharePercent,
            },
        };
        return (new StartSilo(options, given.Has("--parent-stdin")), null);
    }

    public async Task<int> Run(CancellationToken cancellation)
    {
        await using var silo = await SiloServer.Start(options, cancellation);
        Console.WriteLine($"silo up{(silo.HealthUrl is { } health ? $", health on {health}" : "")}");
        using var parent = new CancellationTokenSource();
        if (parentStdin) _ = Task.Run(() => { WaitForEnd(); parent.Cancel(); }, CancellationToken.None);
        await silo.Stopped(parent.Token);
        return 0;
    }

    /// <summary>The supervisor holds the other end of standard input; when it dies, this ends.</summary>
    private static void WaitForEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
            // whatever a supervisor says is not for us
        }
    }

    /// <param name="text">Null when it is not set.</param>
    internal static (int? Percent, string? Objection) AutotaskShare(string? text) => Share("UsageBilling__AutotaskSharePercent", text);

    internal static (int? Percent, string? Objection) Share(string setting, string? text)
    {
        if (text is null) return (null, null);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is >= 1 and <= ConnectorOptions.SharePercentMax
            ? (percent, null)
            : (null, $"{setting} is a whole number from 1 to {ConnectorOptions.SharePercentMax}, not '{text}'.");
    }

    private static int? PortSetting() =>
        int.TryParse(Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
