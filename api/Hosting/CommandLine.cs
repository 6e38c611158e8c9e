using System.Globalization;
using UsageBilling.Api.Access;
using UsageBilling.Interfaces.Webhooks;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Telemetry;

namespace UsageBilling.Api.Hosting;

/// <summary>The settings of the program: the environment, or <c>appsettings.json</c> beside the binary.</summary>
internal static class Settings
{
    /// <summary>Where the connection string is found; in the environment <c>UsageBilling__Connection</c>.</summary>
    public const string Connection = "UsageBilling:Connection";

    public static IConfiguration Read() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();
}

/// <summary>The arguments of the program.</summary>
internal sealed record CommandLine(ApiOptions Options, bool ParentStdin)
{
    public const string Usage = "UsageBilling.Api [--port N] [--parent-stdin], with the environment variables UsageBilling__Connection and UsageBilling__SecretsKeyFile";

    private const string KeyFileSetting = "UsageBilling:SecretsKeyFile";
    private const string LogFormSetting = "UsageBilling:LogForm";
    private const string Wait = "UsageBilling:DatabaseWaitSeconds";
    private const string KeyRequests = "UsageBilling:KeyRequestsPerMinute";
    private const string MspRequests = "UsageBilling:MspRequestsPerMinute";
    private const string Loopback = "UsageBilling:AllowLoopback";
    private const string DevelopmentHosts = "UsageBilling:AllowDevelopmentHosts";
    private const string HttpPorts = "ASPNETCORE_HTTP_PORTS";
    private const int PortDefault = 8080;

    /// <summary>What was asked for, or one sentence about what is wrong with it.</summary>
    public static (CommandLine? Line, string? Objection) Read(IReadOnlyList<string> arguments, IConfiguration settings)
    {
        var (port, everyAddress, parentStdin) = (PortDefault, false, false);
        if (settings[HttpPorts] is { Length: > 0 } ports)
        {
            if (Port(ports) is not { } given) return (null, $"{HttpPorts} is '{ports}': this program listens on exactly one port.");
            (port, everyAddress) = (given, true);
        }

        var (wait, waitObjection) = DatabaseWait.FromText(settings[Wait]);
        var (limits, limitObjection) = RequestLimits.FromText(settings[KeyRequests], settings[MspRequests]);
        var (keyFile, keyObjection) = KeyFile.FromText(settings[KeyFileSetting]);
        var (logForm, logObjection) = HubLog.FormOf(settings[LogFormSetting]);
        string?[] objections = [waitObjection, limitObjection, keyObjection, logObjection, .. TelemetryExport.Objections(settings)];
        if (objections.OfType<string>().ToList() is { Count: > 0 } wrong) return (null, string.Join('\n', wrong));

        for (var at = 0; at < arguments.Count; at++)
        {
            if (arguments[at] == "--parent-stdin") parentStdin = true;
            else if (arguments[at] == "--port" && at + 1 < arguments.Count && Port(arguments[++at]) is { } given) (port, everyAddress) = (given, false);
            else return (null, $"'{arguments[at]}' is not understood. Usage: {Usage}");
        }

        var options = new ApiOptions
        {
            ConnectionString = settings[Settings.Connection] ?? "", SecretsKeyFile = keyFile, Port = port, EveryAddress = everyAddress, DatabaseWait = wait, Limits = limits!,
            LogToConsole = true, LogForm = logForm, Telemetry = settings, Receivers = Receivers(settings),
        };
        return (new(options, parentStdin), null);
    }

    /// <summary>The same two settings by which silos may be allowed more.</summary>
    private static ReceiverRule Receivers(IConfiguration settings) => new(
        string.Equals(settings[Loopback], "true", StringComparison.OrdinalIgnoreCase),
        settings[DevelopmentHosts]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []);

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port : null;
}
