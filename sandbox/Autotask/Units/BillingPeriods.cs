namespace UsageBilling.Sandbox.Autotask.Units;

/// <summary>The billing periods of a contract: anchored on its start, month ends clamped from the anchor, the last one cut at its end.</summary>
internal static class BillingPeriods
{
    /// <summary>Two centuries of months.</summary>
    private const int PeriodsMax = 2400;

    public static IReadOnlyList<(DateOnly From, DateOnly Through)> Of(DateOnly startsOn, DateOnly endsThrough, int monthsEach)
    {
        List<(DateOnly, DateOnly)> periods = [];
        var from = startsOn;
        for (var number = 1; from <= endsThrough && number <= PeriodsMax; number++)
        {
            var following = startsOn.AddMonths(checked(number * monthsEach));
            var through = following.AddDays(-1);
            periods.Add((from, through < endsThrough ? through : endsThrough));
            from = following;
        }

        return periods;
    }

    /// <summary>Months of a contractPeriodType or periodType: 2 monthly, 3 quarterly, 4 semi-annual, 5 yearly.</summary>
    public static int Months(long? periodType) => periodType switch { 3 => 3, 4 => 6, 5 => 12, _ => 1 };
}
