using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>What follows from a line's counts and terms: count records, money and the wish to the PSA.</summary>
internal static class LineEffects
{
    /// <summary>A held line asks for a further read this long after the last; a little more than agreeing reads must lie apart.</summary>
    public static readonly TimeSpan ConfirmAfter = HoldLimits.AgreeingReadsApart + TimeSpan.FromMinutes(1);

    public static Units UnitsOn(IReadOnlyList<CountRecord> counts, DateOnly date) => counts.LastOrDefault(count => count.EffectiveOn <= date)?.Units ?? Units.Zero;

    /// <summary>Everything that new count records bring about.</summary>
    public static List<Effect> OfCounts(ServiceLineState line, Sequence<CountRecord> counts, Turn turn)
    {
        var added = counts.Except(line.Counts).ToList();
        if (added.Count == 0) return [];
        var (first, after) = (added.Min(count => count.EffectiveOn), line with { Counts = counts });
        return
        [
            .. added.Select(count => new Effect.AddCount(count)),
            .. LineMoney.Adjustments(line, after, first, turn),
            .. WithNext(after, Wishes(line, after, StepDates(after, first))),
        ];
    }

    /// <summary>What the PSA must be told when a person ends a line: nothing where another goes on in its place.</summary>
    public static IEnumerable<Effect> OfEnd(ServiceLineState line, ServiceLineState ended, DateOnly on) => ended.Followed ? [] : Wishes(line, ended, StepDates(ended, on));

    /// <summary>The line before this one changed what the PSA has, and a PSA that keeps differences moves what it has for this one along: everything from the first day on is wished again.</summary>
    public static IEnumerable<Effect> OfLineBefore(ServiceLineState line) => WithNext(
        line,
        PsaTiming.DatesOf(line, StepDates(line, line.Contract.From).Prepend(line.Contract.From)).Distinct()
            .Select(date => new Effect.SetUnits(line.Psa, date, PsaTiming.Units(line, date, Posting))));

    /// <summary>What other terms bring about.</summary>
    /// <param name="first">The first day of the first period that has them.</param>
    public static IEnumerable<Effect> OfTerms(ServiceLineState line, ServiceLineState after, DateOnly first, Turn turn) =>
    [
        .. LineMoney.Adjustments(line, after, first, turn),
        .. WithNext(after, Wishes(line, after, StepDates(after, first))),
    ];

    /// <summary>Whoever goes on in the line's place hears of what its wishes move.</summary>
    private static IEnumerable<Effect> WithNext(ServiceLineState line, IEnumerable<Effect> wishes)
    {
        var wished = wishes.ToList();
        return line.Followed && wished.Count > 0 ? wished.Append(new Effect.TellNextLine()) : wished;
    }

    /// <summary>The dates on which a line may change the units that a PSA bills: the day on which a person ended it is one, unless they are another line's from then on.</summary>
    private static IEnumerable<DateOnly> StepDates(ServiceLineState line, DateOnly first) => line switch
    {
        { EndsOn: null } => Steps(line, first),
        { EndsOn: { } end, Followed: true } => Steps(line, first).Where(date => date < end),
        { EndsOn: { } end } => Steps(line, first).Append(end).Where(date => date >= first).Distinct().Order(),
    };

    /// <summary>The dates on which the units that a PSA bills may change: those of counts and, where other terms ever bounded or rounded units, theirs once there is a count.</summary>
    private static IEnumerable<DateOnly> Steps(ServiceLineState line, DateOnly first)
    {
        var counted = line.Counts.Select(count => count.EffectiveOn);
        var terms = line.Terms;
        if (!terms.Changes.Any(change => Held(terms, change.Terms) != (terms.Minimum, terms.Maximum, terms.Rounding))) return counted.Where(date => date >= first);
        return counted.Concat(terms.Changes.Select(change => change.From).Where(from => counted.Any(date => date <= from))).Where(date => date >= first).Order();
    }

    /// <summary>
    /// Periods before this date are chargeable on a night: begun ones in advance, ended ones in arrears. Where the timing changes, the last period of the
    /// one and the first of the other are not charged in the wrong order: a period begins when the one before it ends.
    /// </summary>
    public static DateOnly ChargedThrough(ServiceLineState line, DateOnly night)
    {
        var period = line.Terms.Cadence.PeriodContaining(night);
        var until = LineMoney.TimingOf(line.Terms, period.Span.From) == BillingTiming.Advance ? period.Span.Until : period.Span.From;
        return until > line.ChargedUntil ? until : line.ChargedUntil;
    }

    /// <summary>The date on which the next period becomes chargeable, or the one that runs can be made true.</summary>
    public static DateOnly NextBoundary(ServiceLineState line)
    {
        if (line.RunningUnits is not null) return line.ChargedUntil;
        var uncharged = line.Terms.Cadence.PeriodContaining(line.ChargedUntil).Span;
        return LineMoney.TimingOf(line.Terms, uncharged.From) == BillingTiming.Advance ? line.ChargedUntil : uncharged.Until;
    }

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

    /// <summary>
    /// One absolute wish for each date on which the PSA's units must change, from the first changed date on. A PSA may keep its changes as
    /// differences, so a wish in the past moves what it has for later dates, and by more than the hub knows where the PSA did not show what was wished,
    /// or took a change for a later day than its own: every later date is wished again.
    /// </summary>
    private static IEnumerable<Effect> Wishes(ServiceLineState before, ServiceLineState after, IEnumerable<DateOnly> dates)
    {
        var moved = false;
        foreach (var date in PsaTiming.DatesOf(after, dates).Distinct())
        {
            var desired = PsaTiming.Units(after, date, Posting);
            moved |= desired != PsaTiming.Units(before, date, Posting);
            if (moved) yield return new Effect.SetUnits(after.Psa, date, desired);
        }
    }

    /// <summary>The units the PSA bills on a date: between minimum and maximum, whole where the PSA takes whole units only, none after a person ended the line.</summary>
    private static Units Posting(ServiceLineState line, DateOnly date)
    {
        if (date >= line.EndsOn) return Units.Zero;
        var units = UnitsOn(line.Counts, date);
        var (least, most, rounding) = Held(line.Terms, date);
        if (least is { } minimum && units < minimum) units = minimum;
        if (most is { } maximum && units > maximum) units = maximum;
        if (!line.Psa.WholeUnitsOnly) return units;
        return new(rounding switch
        {
            UnitRounding.Up => decimal.Ceiling(units.Value),
            UnitRounding.Nearest => decimal.Round(units.Value, 0, MidpointRounding.AwayFromZero),
            UnitRounding.Down => decimal.Floor(units.Value),
            _ => throw new InvalidOperationException($"{rounding} is not a rounding."),
        });
    }

    private static (Units? Minimum, Units? Maximum, UnitRounding Rounding) Held(LineTerms terms, DateOnly date)
    {
        if (terms.Changes.Count == 0) return (terms.Minimum, terms.Maximum, terms.Rounding);
        return Held(terms, LineMoney.TermsFor(terms, terms.Cadence.PeriodContaining(date).Span.From));
    }

    private static (Units? Minimum, Units? Maximum, UnitRounding Rounding) Held(LineTerms terms, PeriodTerms held) => (held.Minimum, held.Maximum, held.Rounding ?? terms.Rounding);
}
