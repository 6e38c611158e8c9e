using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using CountRecord = UsageBilling.Interfaces.Grains.CountRecord;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>What follows from a line's counts: count records, money and the wish to the PSA.</summary>
internal static class LineEffects
{
    /// <summary>A held line asks for a further read this long after the last; a little more than agreeing reads must lie apart.</summary>
    public static readonly TimeSpan ConfirmAfter = HoldLimits.AgreeingReadsApart + TimeSpan.FromMinutes(1);

    public static Units UnitsOn(IReadOnlyList<CountRecord> counts, DateOnly date) => counts.LastOrDefault(count => count.EffectiveOn <= date)?.Units ?? Units.Zero;

    /// <summary>Everything that new count records bring about.</summary>
    public static List<Effect> OfCounts(ServiceLineState line, Sequence<CountRecord> counts, DateOnly night)
    {
        var added = counts.Except(line.Counts).ToList();
        if (added.Count == 0) return [];
        var effects = new List<Effect>(added.Select(count => new Effect.AddCount(count)));
        var first = added.Min(count => count.EffectiveOn);
        if (first < line.ChargedUntil)
        {
            var periods = line.Terms.Cadence.PeriodsOverlapping(new(first, line.ChargedUntil));
            effects.AddRange(Entries("adjustment", line, counts, periods, Posted(line, periods), night));
        }

        effects.AddRange(Wishes(line, counts, first));
        return effects;
    }

    /// <summary>The first posting of the periods that became chargeable until <paramref name="chargedUntil"/>.</summary>
    public static List<Effect> OfCharges(ServiceLineState line, DateOnly chargedUntil, DateOnly night) => chargedUntil <= line.ChargedUntil
        ? []
        : [.. Entries("charge", line, line.Counts, line.Terms.Cadence.PeriodsOverlapping(new(line.ChargedUntil, chargedUntil)), PostedCharges.None, night)];

    /// <summary>Periods before this date are chargeable on a night: begun ones in advance, ended ones in arrears.</summary>
    public static DateOnly ChargedThrough(ServiceLineState line, DateOnly night)
    {
        var period = line.Terms.Cadence.PeriodContaining(night);
        var until = line.Terms.Timing == BillingTiming.Advance ? period.Span.Until : period.Span.From;
        return until > line.ChargedUntil ? until : line.ChargedUntil;
    }

    /// <summary>The date on which the next period becomes chargeable.</summary>
    public static DateOnly NextBoundary(ServiceLineState line) => line.Terms.Timing == BillingTiming.Advance
        ? line.ChargedUntil
        : line.Terms.Cadence.PeriodContaining(line.ChargedUntil).Span.Until;

    /// <param name="again">Whether a person changed what the line counts, or its dates: a line that had ended while it was held is looked at again.</param>
    public static IEnumerable<Effect> OfHold(ServiceLineState line, CountWalk walk, Turn turn, bool again)
    {
        if (walk.Hold is not { } hold)
        {
            if (line.Hold is null) yield break;
            var agreed = walk.Counts.Except(line.Counts).Any(count => count.Source == "agreed");
            yield return new Effect.CloseHold(agreed ? "agreed" : "withdrawn");
            yield return new Effect.Forget(ReminderName.Confirm);
            yield break;
        }

        if (hold != line.Hold) yield return new Effect.KeepHold(hold);
        if (hold.Proposed is not null && (again || line.Hold?.Proposed != hold.Proposed)) yield return new Effect.Remind(ReminderName.Confirm, turn.At + ConfirmAfter);
    }

    private static PostedCharges Posted(ServiceLineState line, IReadOnlyList<AlignedPeriod> periods) =>
        PostedCharges.Assuming(LinePricing.Terms(line), LinePricing.Timeline(line.Counts), periods);

    private static IEnumerable<Effect> Entries(
        string kind, ServiceLineState line, Sequence<CountRecord> counts, IReadOnlyList<AlignedPeriod> periods, PostedCharges posted, DateOnly night)
    {
        foreach (var item in Proration.Lines(LinePricing.Terms(line), LinePricing.Timeline(counts), posted, periods))
        {
            var cause = counts.LastOrDefault(count => count.EffectiveOn <= item.From);
            yield return new Effect.AddLedgerEntry(new(
                kind, item.Period.Span, item.Span, item.DeltaUnits, item.UnitPrice, item.Amount, night, cause?.EffectiveOn ?? item.From, cause?.Sequence ?? 0));
        }
    }

    /// <summary>
    /// One absolute wish for each date on which the PSA's units must change, from the first changed date on. A PSA may keep its changes as
    /// differences, so a wish in the past moves what it has for later dates: every later step, old or new, is wished again.
    /// </summary>
    private static IEnumerable<Effect> Wishes(ServiceLineState line, Sequence<CountRecord> counts, DateOnly first)
    {
        var moved = false;
        foreach (var date in counts.Select(count => count.EffectiveOn).Where(date => date >= first).Distinct())
        {
            var desired = Posting(line, UnitsOn(counts, date));
            var changes = desired != Posting(line, UnitsOn(line.Counts, date));
            if (changes || (moved && (Steps(line, counts, date) || Steps(line, line.Counts, date)))) yield return new Effect.SetUnits(line.Psa, date, desired);
            moved |= changes;
        }
    }

    private static bool Steps(ServiceLineState line, Sequence<CountRecord> counts, DateOnly date) =>
        Posting(line, UnitsOn(counts, date)) != Posting(line, UnitsOn(counts, date.AddDays(-1)));

    /// <summary>The units the PSA bills: between minimum and maximum, whole where the PSA takes whole units only.</summary>
    private static Units Posting(ServiceLineState line, Units units)
    {
        if (line.Terms.Minimum is { } minimum && units < minimum) units = minimum;
        if (line.Terms.Maximum is { } maximum && units > maximum) units = maximum;
        if (!line.Psa.WholeUnitsOnly) return units;
        return new(line.Terms.Rounding switch
        {
            UnitRounding.Up => decimal.Ceiling(units.Value),
            UnitRounding.Nearest => decimal.Round(units.Value, 0, MidpointRounding.AwayFromZero),
            UnitRounding.Down => decimal.Floor(units.Value),
            _ => throw new InvalidOperationException($"{line.Terms.Rounding} is not a rounding."),
        });
    }
}
