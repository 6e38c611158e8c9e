using System.Diagnostics.Metrics;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns;

/// <summary>Counts what turns come to. One for a process; adding is cheap, and nothing when nobody listens.</summary>
public sealed class EngineMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "UsageBilling.Turns";

    private readonly Counter<long> taken;
    private readonly Counter<long> refused;
    private readonly Counter<long> unknownCommits;
    private readonly Histogram<double> batches;

    /// <summary>What the counts are published by.</summary>
    public Meter Meter { get; } = new(Name);

    /// <summary>Begins at zero.</summary>
    public EngineMeter()
    {
        taken = Meter.CreateCounter<long>("usagebilling.turns.taken", "{turn}", "Turns that were committed, refusals included");
        refused = Meter.CreateCounter<long>("usagebilling.turns.refused", "{turn}", "Turns whose grain said no");
        unknownCommits = Meter.CreateCounter<long>("usagebilling.turns.unknown_commits", "{commit}", "Commits that were not answered");
        batches = Meter.CreateHistogram<double>("usagebilling.turns.batch", "ms", "From a batch's first statement to the end of its commit");
    }

    /// <summary>A batch was committed.</summary>
    /// <param name="kind">The kind of its grains.</param>
    /// <param name="results">What its deliveries came to; only those taken count.</param>
    /// <param name="took">From the first statement to the end of the commit.</param>
    public void Committed(GrainKind kind, IReadOnlyList<TurnResult> results, TimeSpan took)
    {
        var tag = Tag(kind);
        taken.Add(results.Count(result => result is TurnResult.Taken), tag);
        refused.Add(results.Count(result => result is TurnResult.Taken { Verdict: Verdict.Refused }), tag);
        batches.Record(took.TotalMilliseconds, tag);
    }

    /// <summary>The connection was lost in a commit: nobody knows, and the deliveries will tell.</summary>
    public void UnknownCommit(GrainKind kind) => unknownCommits.Add(1, Tag(kind));

    /// <summary>Ends the meter.</summary>
    public void Dispose() => Meter.Dispose();

    private static KeyValuePair<string, object?> Tag(GrainKind kind) => new("grain", kind.ToString());
}
