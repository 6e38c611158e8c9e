using System.Globalization;

namespace UsageBilling.Sandbox;

/// <summary>The arguments of the program.</summary>
internal sealed record CommandLine(SandboxOptions Options, bool ParentStdin)
{
    public const string Usage =
        "sandbox [--port N] [--any-address] [--seed DIR] [--state FILE] [--hourly-calls N] [--endpoint-calls N] [--token-seconds N] [--parent-stdin]";

    private const int PortDefault = 9100;

    /// <summary>What was asked for, or one sentence about what is wrong with it.</summary>
    public static (CommandLine? Line, string? Objection) Read(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine(new SandboxOptions { Port = PortDefault }, ParentStdin: false);
        for (var at = 0; at < arguments.Count; at++)
        {
            if (arguments[at] == "--parent-stdin")
            {
                line = line with { ParentStdin = true };
                continue;
            }

            if (arguments[at] == "--any-address")
            {
                line = line with { Options = line.Options with { AnyAddress = true } };
                continue;
            }

            if (at + 1 >= arguments.Count)
                return (null, $"'{arguments[at]}' is not an option, or its value is missing. Usage: {Usage}");
            if (With(line.Options, arguments[at], arguments[++at]) is not { } options)
                return (null, $"'{arguments[at - 1]} {arguments[at]}' is not understood. Usage: {Usage}");
            line = line with { Options = options };
        }

        return (line, null);
    }

    private static SandboxOptions? With(SandboxOptions options, string name, string value) => name switch
    {
        "--port" when Number(value, 0, 65535) is { } port => options with { Port = port },
        "--seed" when Directory.Exists(value) => options with { Seed = value },
        "--state" when value.Length > 0 => options with { State = value },
        "--hourly-calls" when Number(value, 1, 1_000_000) is { } calls => options with { HourlyCallsMax = calls },
        "--endpoint-calls" when Number(value, 1, 1_000_000) is { } calls => options with { EndpointCallsMax = calls },
        "--token-seconds" when Number(value, 1, 86_400) is { } seconds => options with { TokenSeconds = seconds },
        _ => null,
    };

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
