using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using CountRecord = UsageBilling.Interfaces.Grains.CountRecord;
using LineTerms = UsageBilling.Interfaces.Grains.LineTerms;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>The money of a line: what its periods cost, and what was posted for them before.</summary>
/// <remarks>
/// The ledger of every period before <see cref="ServiceLineState.ChargedUntil"/> is the rounded total of what the state says. So whatever changes
/// the state posts the difference between the state before and the state after, and no turn needs to read the ledger.
/// </remarks>
internal static class LineMoney
{
    /// <summary>The difference that another state makes to the periods that are charged, from the one that has a date on.</summary>
    public static IEnumerable<Effect> Adjustments(ServiceLineState before, ServiceLineState after, DateOnly since, Turn turn) =>
        since >= before.ChargedUntil || before.Basis.Kind == BasisKind.None
            ? []
            : Entries("adjustment", before, after, before.Terms.Cadence.PeriodsOverlapping(new(since, before.ChargedUntil)), turn);

    /// <summary>The first posting of the periods that became chargeable since <paramref name="chargedUntil"/>.</summary>
    public static IEnumerable<Effect> Charges(ServiceLineState after, DateOnly chargedUntil, Turn turn) => after.ChargedUntil <= chargedUntil
        ? []
        : Entries("charge", null, after, after.Terms.Cadence.PeriodsOverlapping(new(chargedUntil, after.ChargedUntil)), turn);

    /// <summary>What a line that counts at the month's end is charged in advance for the period that runs: the last known count. Null when the charge is final.</summary>
    public static Units? Running(ServiceLineState line, Turn turn)
    {
        if (line.ChargedUntil <= turn.Night || line.Basis.Kind == BasisKind.None) return null;
        var running = line.Terms.Cadence.PeriodContaining(line.ChargedUntil.AddDays(-1)).Span.From;
        if (TimingOf(line.Terms, running) != BillingTiming.Advance) return null;
        return SettingsOf(line.Terms, running, turn).Mode == CountMode.ProrateDaily ? null : line.RunningUnits ?? LineEffects.UnitsOn(line.Counts, turn.Night);
    }

    /// <summary>The last change of terms that holds for the period that begins on a date.</summary>
    public static TermsChange? ChangeFor(LineTerms terms, DateOnly periodFrom) =>
        terms.Changes.Count == 0 ? null : terms.Changes.LastOrDefault(change => change.From <= periodFrom);

    /// <summary>What holds for the period that begins on a date.</summary>
    public static PeriodTerms TermsFor(LineTerms terms, DateOnly periodFrom) =>
        ChangeFor(terms, periodFrom)?.Terms ?? new(terms.Minimum, terms.Maximum, null, null, ProrationOverrides.None);

    /// <summary>Whether the period that begins on a date is charged then, or once it is over.</summary>
    public static BillingTiming TimingOf(LineTerms terms, DateOnly periodFrom) => ChangeFor(terms, periodFrom)?.Terms.Timing ?? terms.Timing;

    /// <summary>How the period that begins on a date is prorated.</summary>
    public static ProrationSettings SettingsOf(LineTerms terms, DateOnly periodFrom, Turn turn) => SettingsOf(terms, periodFrom, turn.Proration);

    /// <summary>The price of a day, where no price list stands in its place.</summary>
    public static UnitPrice PriceOn(LineTerms terms, DateOnly date) => terms.Prices.LastOrDefault(price => price.EffectiveOn <= date)?.Price ?? terms.UnitPrice;

    private static IEnumerable<Effect> Entries(string kind, ServiceLineState? before, ServiceLineState after, IReadOnlyList<AlignedPeriod> periods, Turn turn)
    {
        foreach (var together in Together(before, after, periods, turn))
        {
            var from = together[0].Span.From;
            var posted = before is null ? PostedCharges.None : PostedCharges.Assuming(Summing(Terms(before, from, turn.Proration)), Counts(before, together[0]), together);
            var terms = Terms(after, from, turn.Proration);
            foreach (var item in Proration.Lines(terms, Counts(after, together[0]), posted, together))
                yield return new Effect.AddLedgerEntry(Entry(kind, item, before ?? after, after, terms.Settings, turn.Night));
        }
    }

    /// <summary>Most lines have one set of terms for all periods; the others are taken period by period.</summary>
    private static IEnumerable<IReadOnlyList<AlignedPeriod>> Together(ServiceLineState? before, ServiceLineState after, IReadOnlyList<AlignedPeriod> periods, Turn turn)
    {
        var plain = turn.Proration.Count == 0 && IsPlain(after) && (before is null || IsPlain(before));
        return plain ? [periods] : periods.Select(period => (IReadOnlyList<AlignedPeriod>)[period]);
    }

    private static bool IsPlain(ServiceLineState line) => line.Terms.Changes.Count == 0 && line.RunningUnits is null;

    private static LedgerEntry Entry(string kind, ProrationLine item, ServiceLineState before, ServiceLineState after, ProrationSettings settings, DateOnly night)
    {
        var cause = Cause(after.Counts, item, settings);
        return new(kind, item.Period.Span, item.Span, item.DeltaUnits, item.UnitPrice, item.Amount, night, cause?.EffectiveOn ?? item.From, cause?.Sequence ?? 0)
        {
            PriceFrom = PriceFrom(item, after.Terms, settings) ?? PriceFrom(item, before.Terms, settings),
            Terms = ChangeFor(after.Terms, item.Period.Span.From)?.Key,
            ChargedFor = item.Kind switch
            {
                ChargeKind.Units => null,
                ChargeKind.Average => "average",
                ChargeKind.FlatFee => "flat_fee",
                ChargeKind.Commitment => "commitment",
                _ => throw new InvalidOperationException($"A line is not charged for {item.Kind}."),
            },
        };
    }

    /// <summary>
    /// The count record that decided: for a commitment and at the month's end the last of the days, where a change counts from the day after the one of
    /// the day before.
    /// </summary>
    private static CountRecord? Cause(Sequence<CountRecord> counts, ProrationLine item, ProrationSettings settings)
    {
        var on = settings.Mode != CountMode.ProrateDaily || item.Kind == ChargeKind.Commitment ? item.Until.AddDays(-1) : settings.ChangeDay == ChangeDay.Old ? item.From.AddDays(-1) : item.From;
        return counts.LastOrDefault(count => count.EffectiveOn <= on) ?? counts.LastOrDefault(count => count.EffectiveOn <= item.From);
    }

    private static DateOnly? PriceFrom(ProrationLine item, LineTerms terms, ProrationSettings settings)
    {
        var change = ChangeFor(terms, item.Period.Span.From);
        if (item.Kind == ChargeKind.Commitment) return change?.Terms.Commitment == item.UnitPrice ? change.From : null;
        if (change is { Terms.Tiers: { } tiers } listed)
            return tiers.Steps.Any(step => step.Price == item.UnitPrice || step.FlatFee == item.UnitPrice) ? listed.From : null;
        if (terms.Prices.Count == 0) return null;
        var on = settings.ChangeDay == ChangeDay.Old ? item.From.AddDays(-1) : item.From;
        return terms.Prices.LastOrDefault(price => price.EffectiveOn <= on && price.Price == item.UnitPrice)?.EffectiveOn;
    }

    /// <param name="beneath">The msp's settings by date.</param>
    public static Prorating.LineTerms Terms(ServiceLineState line, DateOnly periodFrom, IReadOnlyList<DatedSettings> beneath)
    {
        var terms = TermsFor(line.Terms, periodFrom);
        return new(
            line.Terms.Cadence,
            line.Terms.Currency,
            Prices(line.Terms, terms.Tiers),
            line.Service.From,
            line.Service.Until,
            terms.Minimum,
            terms.Maximum,
            terms.Included,
            terms.Commitment,
            SettingsOf(line.Terms, periodFrom, beneath));
    }

    private static ProrationSettings SettingsOf(LineTerms terms, DateOnly periodFrom, IReadOnlyList<DatedSettings> beneath) =>
        (ChangeFor(terms, periodFrom)?.Terms.Settings ?? ProrationOverrides.None).Over(beneath.LastOrDefault(dated => dated.From <= periodFrom)?.Settings ?? ProrationSettings.Default);

    private static PriceTimeline Prices(LineTerms terms, Tiers? tiers)
    {
        var prices = PriceTimeline.Constant(terms.UnitPrice, tiers);
        return tiers is null ? terms.Prices.Aggregate(prices, (known, price) => known.With(new(price.EffectiveOn, price.Sequence, price.Price))) : prices;
    }

    /// <summary>Lines rounded by themselves need to know which days were charged, not what that came to.</summary>
    private static Prorating.LineTerms Summing(Prorating.LineTerms terms) => terms.Settings.SumsToTotal ? terms : new(
        terms.Cadence,
        terms.Currency,
        terms.Prices,
        terms.ServiceFrom,
        terms.ServiceUntil,
        terms.Minimum,
        terms.Maximum,
        terms.Included,
        terms.Commitment,
        terms.Settings with { Rounding = LineRounding.Cumulative, UnitPriceRounding = UnitPriceRounding.None });

    private static CountTimeline Counts(ServiceLineState line, AlignedPeriod period) => line.RunningUnits is { } units && period.Span.Until == line.ChargedUntil
        ? CountTimeline.Of([new(DateOnly.MinValue, 0, units)])
        : LinePricing.Timeline(line.Counts);
}
