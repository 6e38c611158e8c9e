using System.Diagnostics;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Telemetry;

/// <summary>The spans of the hub's own work. They cost next to nothing while nobody listens.</summary>
public static class Traces
{
    /// <summary>The name of their source.</summary>
    public const string Name = "UsageBilling";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Turns of one kind in one transaction, from the first lock to the last write; the commit is the caller's.</summary>
    /// <param name="kind">The kind of their grains.</param>
    /// <param name="turns">How many.</param>
    public static Activity? Turns(GrainKind kind, int turns) => Source.StartActivity($"turns {kind}")?.SetTag("usagebilling.turns", turns);

    /// <summary>A run: a test of credentials, an import, a comparison.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="run">Its id.</param>
    public static Activity? Run(string kind, long run) => Source.StartActivity($"run {kind}")?.SetTag("usagebilling.run", run);

    /// <summary>One vendor's reading in a night.</summary>
    /// <param name="integration">Whose account is read.</param>
    public static Activity? Read(long integration) => Source.StartActivity("read")?.SetTag("usagebilling.integration", integration);
}
