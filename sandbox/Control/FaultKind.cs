using System.Text.Json;

namespace UsageBilling.Sandbox.Control;

/// <summary>What can be made to go wrong. On the wire in snake_case.</summary>
internal enum FaultKind
{
    Unauthorized,
    Forbidden,
    RateLimited,
    ServerError,
    ServerErrorAfterApply,
    TimeoutBefore,
    TimeoutAfter,
    ResetAfter,
    Slow,
    TruncatedPage,
    RepeatedPage,
    LoopingNext,
    OkWithError,
    StaleReads,
    EmptyList,
    HalvedCounts,
    NullCounts,
    ZeroCounts,
    ForeignEdit,
}

/// <summary>What a request is, as far as faults care.</summary>
[Flags]
internal enum RequestTraits
{
    None = 0,
    Read = 1,
    List = 2,
    LaterPage = 4,
    Counts = 8,

    /// <summary>Losing its answer is worth telling: a write, or any request of a vendor that has no writes.</summary>
    AnswerMatters = 16,
}

internal static class FaultKinds
{
    private static readonly Dictionary<string, FaultKind> ByName = Enum.GetValues<FaultKind>().ToDictionary(Name, StringComparer.Ordinal);

    public static string AllNames { get; } = string.Join(", ", ByName.Keys);

    public static string Name(FaultKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    public static bool TryFind(string? name, out FaultKind kind) => ByName.TryGetValue(name ?? "", out kind);

    /// <summary>A fault waits for a request it can show itself on; an unsuitable request does not use it up.</summary>
    public static RequestTraits Needs(FaultKind kind) => kind switch
    {
        FaultKind.ServerErrorAfterApply or FaultKind.TimeoutAfter or FaultKind.ResetAfter => RequestTraits.AnswerMatters,
        FaultKind.TruncatedPage or FaultKind.LoopingNext or FaultKind.EmptyList => RequestTraits.List,
        FaultKind.RepeatedPage => RequestTraits.LaterPage,
        FaultKind.HalvedCounts or FaultKind.NullCounts or FaultKind.ZeroCounts => RequestTraits.Counts,
        FaultKind.StaleReads => RequestTraits.Read,
        _ => RequestTraits.None,
    };
}
