using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Billing;

/// <summary>How much a plan may change a contract and still be applied without a person. Null: nothing may.</summary>
/// <param name="Percent">Of what the contract is charged regularly. 0 to 1,000.</param>
/// <param name="Amount">In the currency of the contract's lines. 0 to 1,000,000,000.</param>
public sealed record ApplyLimits(decimal? Percent, decimal? Amount)
{
    /// <summary>A person applies every plan.</summary>
    public static ApplyLimits None { get; } = new(null, null);
}

/// <summary>What a plan changes of one contract, in one currency.</summary>
/// <param name="Again">Whether it posts something again that a person had reversed.</param>
public sealed record ContractChange(ContractId Contract, string Currency, bool Again, Sequence<PeriodChange> Periods);

/// <summary>What a plan changes of one billing period of a contract.</summary>
/// <param name="Adjustments">The sum of its adjustments, each without its sign.</param>
/// <param name="Regular">What the contract's lines of that billing period cost with the units they had on the day before the first change.</param>
public sealed record PeriodChange(DateOnly PeriodFrom, decimal Adjustments, decimal Regular);

/// <summary>A contract that a person should look at before a plan is applied.</summary>
/// <param name="Code">See <see cref="AttentionCode"/>.</param>
/// <param name="Adjustments">The sum over all periods.</param>
/// <param name="Regular">The sum over the periods that are changed.</param>
public sealed record Attention(ContractId Contract, string Currency, string Code, decimal Adjustments, decimal Regular);

/// <summary>Why a person should look. Documented in docs/OPERATING.md.</summary>
public static class AttentionCode
{
    /// <summary>The msp has not set both limits.</summary>
    public const string LimitsNone = "limits_none";

    /// <summary>The adjustments are more than the amount that may change.</summary>
    public const string OverAmount = "over_amount";

    /// <summary>The adjustments of a period are more than the share of the regular charge that may change.</summary>
    public const string OverPercent = "over_percent";

    /// <summary>Something is posted again that a person had reversed.</summary>
    public const string ReversedBefore = "reversed_before";

    /// <summary>All of them, for documents and tests.</summary>
    public static IReadOnlyList<string> All { get; } = [LimitsNone, OverAmount, OverPercent, ReversedBefore];
}

/// <summary>Says which contracts of a plan a person should look at: a pure function. None: the plan may be applied without one.</summary>
public delegate IReadOnlyList<Attention> ApplyPolicy(ApplyLimits limits, IReadOnlyList<ContractChange> contracts);
