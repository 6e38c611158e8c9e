using UsageBilling.Silo.Demo;

namespace UsageBilling.Silo.Commands;

/// <summary><c>usagebilling demo</c>: all programs on this machine, and a demo msp; what <c>./run</c> starts.</summary>
internal sealed class StartDemo(DemoOptions options) : ICommand
{
    public const string Usage = "usagebilling demo [--once] [--reset] [--port N] [--connection \"Host=…\"]";

    private static readonly Dictionary<string, bool> Known = new() { ["--once"] = false, ["--reset"] = false, ["--port"] = true, [Options.Connection] = true };

    public static (ICommand? Command, string? Objection) Read(IEnumerable<string> arguments)
    {
        var (given, objection) = Options.Read(arguments, Known);
        if (given is null) return (null, objection);
        var (port, wrong) = given.Port("--port");
        if (wrong is not null) return (null, wrong);
        return (new StartDemo(new(given.Has("--once"), given.Has("--reset"), port ?? DemoOptions.DefaultPort, given.Maybe(Options.Connection))), null);
    }

    public Task<int> Run(CancellationToken cancellation) => DemoHub.Run(options);
}
