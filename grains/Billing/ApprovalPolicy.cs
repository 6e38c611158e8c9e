using UsageBilling.Interfaces.Billing;

namespace UsageBilling.Grains.Billing;

/// <summary>Which contracts of a plan a person should look at.</summary>
/// <remarks>
/// Regular charges need nobody: they follow from what was approved before. Adjustments do, unless they are small, as money and as a share.
/// A contract without adjustments is never over a limit, not even over limits that nobody set.
/// </remarks>
public static class ApprovalPolicy
{
    private const decimal Hundred = 100m;

    /// <summary>One reason for each contract and currency at most, the gravest; none when everything is within the limits.</summary>
    /// <param name="limits">Both must be set, or every adjustment is looked at.</param>
    public static IReadOnlyList<Attention> Judge(ApplyLimits limits, IReadOnlyList<ContractChange> contracts)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(contracts);
        return [.. contracts.Select(change => (Change: change, Code: CodeOf(limits, change))).Where(found => found.Code is not null).Select(found => new Attention(
            found.Change.Contract, found.Change.Currency, found.Code!, found.Change.Periods.Sum(period => period.Adjustments), found.Change.Periods.Sum(period => period.Regular)))];
    }

    private static string? CodeOf(ApplyLimits limits, ContractChange change)
    {
        if (change.Again) return AttentionCode.ReversedBefore;
        if (change.Periods.All(period => period.Adjustments == 0m)) return null;
        if (limits is not { Amount: { } amount, Percent: { } percent }) return AttentionCode.LimitsNone;
        if (change.Periods.Sum(period => period.Adjustments) > amount) return AttentionCode.OverAmount;
        return change.Periods.Any(period => period.Adjustments * Hundred > period.Regular * percent) ? AttentionCode.OverPercent : null;
    }
}
