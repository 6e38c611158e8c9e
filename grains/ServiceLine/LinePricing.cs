using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using CountRecord = UsageBilling.Interfaces.Grains.CountRecord;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>A stored line as the arithmetic of money takes it: for the turn that charges it, and for whoever explains what it was charged.</summary>
public static class LinePricing
{
    /// <summary>What the line charges for the period that begins on a date, inside its contract.</summary>
    /// <param name="beneath">The msp's settings by date, beneath the line's own.</param>
    public static Prorating.LineTerms Terms(ServiceLineState line, DateOnly periodFrom, IReadOnlyList<DatedSettings> beneath)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(beneath);
        return LineMoney.Terms(line, periodFrom, beneath);
    }

    /// <summary>Whether the period that begins on a date is charged then, or once it is over.</summary>
    public static BillingTiming Timing(ServiceLineState line, DateOnly periodFrom)
    {
        ArgumentNullException.ThrowIfNull(line);
        return LineMoney.TimingOf(line.Terms, periodFrom);
    }

    /// <summary>The units of every day.</summary>
    public static CountTimeline Timeline(IEnumerable<CountRecord> counts) =>
        CountTimeline.Of(counts.Select(count => new Prorating.CountRecord(count.EffectiveOn, count.Sequence, count.Units)));
}
