using System.Globalization;
using Npgsql;
using UsageBilling.Connectors;
using UsageBilling.Silo.Demo;

namespace UsageBilling.Silo;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine(SiloOptions? Silo, DemoOptions? Demo, bool ParentStdin)
{
    public const string Usage = """
        Usage: usagebilling [silo] [--connection "Host=…"] [--health-port N] [--parent-stdin]
               usagebilling demo [--once] [--reset] [--port N] [--connection "Host=…"]
        Settings (environment): UsageBilling__Connection, UsageBilling__AllowLoopback, UsageBilling__AllowDevelopmentHosts
        """;

    public static (CommandLine? Line, string? Objection) Read(string[] arguments)
    {
        var words = new Queue<string>(arguments);
        var demo = words.Count > 0 && words.Peek() is "demo";
        if (words.Count > 0 && words.Peek() is "demo" or "silo") words.Dequeue();
        var given = new Dictionary<string, string>();
        while (words.TryDequeue(out var word))
        {
            if (!Known(demo).TryGetValue(word, out var takesValue)) return (null, $"'{word}' is not an option.\n{Usage}");
            if (takesValue && words.Count == 0) return (null, $"{word} needs a value.\n{Usage}");
            given[word] = takesValue ? words.Dequeue() : "";
        }

        foreach (var port in new[] { "--port", "--health-port" })
        {
            if (given.TryGetValue(port, out var text) && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 65535))
                return (null, $"{port} takes a number from 0 to 65535, not '{text}'.");
        }

        if (given.TryGetValue("--connection", out var connection) && !IsConnection(connection))
            return (null, "--connection takes an Npgsql connection string, for example \"Host=db;Database=usagebilling;Username=hub;Password=…\".");
        return demo ? (new(null, DemoOf(given), false), null) : SiloOf(given);
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static Dictionary<string, bool> Known(bool demo) => demo
        ? new() { ["--once"] = false, ["--reset"] = false, ["--port"] = true, ["--connection"] = true }
        : new() { ["--connection"] = true, ["--health-port"] = true, ["--parent-stdin"] = false };

    private static DemoOptions DemoOf(Dictionary<string, string> given) => new(
        given.ContainsKey("--once"),
        given.ContainsKey("--reset"),
        given.TryGetValue("--port", out var port) ? int.Parse(port, CultureInfo.InvariantCulture) : DemoOptions.DefaultPort,
        given.GetValueOrDefault("--connection"));

    private static (CommandLine? Line, string? Objection) SiloOf(Dictionary<string, string> given)
    {
        var connection = given.GetValueOrDefault("--connection") ?? Setting("Connection");
        if (string.IsNullOrWhiteSpace(connection))
            return (null, "A silo needs a PostgreSQL: give --connection \"Host=…\" or set UsageBilling__Connection. ./run starts one of its own.");
        if (!IsConnection(connection)) return (null, "UsageBilling__Connection is not an Npgsql connection string.");
#pragma warning disable RS0030 // the composition root names the wall clock
        var clock = TimeProvider.System;
#pragma warning restore RS0030
        var options = new SiloOptions
        {
            ConnectionString = connection,
            Clock = clock,
            HealthPort = given.TryGetValue("--health-port", out var port) ? int.Parse(port, CultureInfo.InvariantCulture) : PortSetting(),
            Connectors = new ConnectorOptions
            {
                AllowLoopback = string.Equals(Setting("AllowLoopback"), "true", StringComparison.OrdinalIgnoreCase),
                DevelopmentHosts = Setting("AllowDevelopmentHosts")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
            },
        };
        return (new(options, null, given.ContainsKey("--parent-stdin")), null);
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable($"UsageBilling__{name}");

    private static int? PortSetting() =>
        int.TryParse(Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
