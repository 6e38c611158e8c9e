using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using CountRecord = UsageBilling.Interfaces.Grains.CountRecord;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>A stored line as the arithmetic of money takes it: for the turn that charges it, and for whoever explains what it was charged.</summary>
public static class LinePricing
{
    /// <summary>What the line charges, inside its contract.</summary>
    public static Prorating.LineTerms Terms(ServiceLineState line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return new(
            line.Terms.Cadence,
            line.Terms.Currency,
            PriceTimeline.Constant(line.Terms.UnitPrice),
            line.Contract.From,
            line.Contract.Until,
            line.Terms.Minimum,
            line.Terms.Maximum);
    }

    /// <summary>The units of every day.</summary>
    public static CountTimeline Timeline(IEnumerable<CountRecord> counts) =>
        CountTimeline.Of(counts.Select(count => new Prorating.CountRecord(count.EffectiveOn, count.Sequence, count.Units)));
}
