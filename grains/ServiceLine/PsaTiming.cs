using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>When the PSA hears of changed units: on their date, or with whole calendar months.</summary>
internal static class PsaTiming
{
    /// <summary>The dates on which the PSA's units may change when the line's change on the given ones, in their order.</summary>
    public static IEnumerable<DateOnly> DatesOf(ServiceLineState line, IEnumerable<DateOnly> steps)
    {
        if (line.Psa.Timing == UnitTiming.EffectiveDate) return steps;
        return steps.Select(FirstOfMonth).SelectMany(month => new[] { month, month.AddMonths(1) }).Distinct().Order()
            .Select(month => month < line.Contract.From ? line.Contract.From : month)
            .Where(date => date < Until(line));
    }

    /// <summary>The units that the PSA bills from one of those dates on.</summary>
    /// <param name="posting">The units of a day.</param>
    public static Units Units(ServiceLineState line, DateOnly date, Func<ServiceLineState, DateOnly, Units> posting)
    {
        if (line.Psa.Timing != UnitTiming.MonthPeak) return posting(line, date);
        var until = FirstOfMonth(date).AddMonths(1);
        return line.Counts.Select(count => count.EffectiveOn).Concat(line.Terms.Changes.Select(change => change.From))
            .Where(step => step > date && step < until)
            .Select(step => posting(line, step)).Append(posting(line, date)).MaxBy(units => units.Value);
    }

    /// <summary>A line that a person ended leaves its units to a PSA whose contract goes on, unless they are another line's by then.</summary>
    private static DateOnly Until(ServiceLineState line) => line.Followed ? line.Contract.Until : line.PsaUntil ?? line.Contract.Until;

    private static DateOnly FirstOfMonth(DateOnly date) => new(date.Year, date.Month, 1);
}
