using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating.Cases;

/// <summary>What a case's posting runs are.</summary>
internal enum CaseMode
{
    /// <summary>The whole period is billed once, after all changes.</summary>
    Accrual,

    /// <summary>The period is posted in advance, and each later run posts what has changed.</summary>
    AdvanceDelta,

    /// <summary>Something wrong was posted and is corrected.</summary>
    AdjustToTarget,

    /// <summary>A prorated commitment, less what was billed.</summary>
    MinCommitTrueUp,

    /// <summary>Billed once, for the units of the last day.</summary>
    MonthEndLast,

    /// <summary>Billed once, for the most units of any day.</summary>
    MonthEndMax,

    /// <summary>Billed once, for the average of all days.</summary>
    MonthEndAverage,
}

/// <summary>How a source shows a change: as its lines are marked, or else as the vendor among its tags does.</summary>
internal sealed record CaseStyle(LineStyle Lines, Shown Shown)
{
    private static readonly CaseStyle Single = new(LineStyle.SingleDelta, Shown.Lines);
    private static readonly CaseStyle Pair = new(LineStyle.CreditAndCharge, Shown.Lines);
    private static readonly CaseStyle Net = new(LineStyle.SingleDelta, Shown.Net);

    /// <param name="kinds">The marks of the expected lines; empty where the source gives a total only.</param>
    public static CaseStyle Of(IReadOnlyCollection<(int Run, DateOnly From, string Kind)> kinds, string[] tags)
    {
        if (kinds.Any(line => line.Kind == "delta")) return Net;
        if (kinds.Any(line => line.Kind == "credit" && kinds.Contains((line.Run, line.From, "charge")))) return Pair;
        if (kinds.Count > 0) return Single;
        if (tags.Any(tag => tag is "meteroid" or "flexprice" or "chargebee")) return Pair;
        return tags.Any(tag => tag is "lago" or "conga") ? Net : Single;
    }
}
