using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Turns;

/// <summary>What a turn's end means at the door.</summary>
internal static class TurnProblem
{
    /// <summary>The problem to answer with; null when the grain accepted.</summary>
    public static ProblemResult? Of(TurnResult result) => result switch
    {
        TurnResult.Taken { Verdict: Verdict.Refused refusal } => ProblemResult.Of(refusal),
        TurnResult.Taken => null,
        TurnResult.Unknown => ProblemResult.Of(ProblemCode.NotFound),
        TurnResult.Busy => ProblemResult.Of(ProblemCode.Busy),
        _ => throw new InvalidOperationException($"A turn ended with {result}."),
    };
}
