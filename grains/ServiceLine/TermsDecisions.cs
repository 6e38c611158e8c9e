using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>Takes other prices and terms: what is charged already gets the difference, what is not is charged so.</summary>
internal static class TermsDecisions
{
    public static Decision<ServiceLineState> ChangePrice(ServiceLineState line, ServiceLineMessage.ChangePrice change, Turn turn)
    {
        if (!UnitPrice.IsValid(change.Price)) return Decision.Refuse(line, RefusalCode.PriceInvalid, PriceRange);
        if (change.From >= line.Contract.Until) return ServiceLineGrain.Ended(line);
        if (ServiceLineGrain.TooOld(line, change.From, turn) is { } tooOld) return tooOld;
        if (LineMoney.TermsFor(line.Terms, line.Terms.Cadence.PeriodContaining(change.From).Span.From).Tiers is not null)
            return Decision.Refuse(line, RefusalCode.PriceTiered, $"A price list holds on {change.From:yyyy-MM-dd}; change the line's terms.");
        var (before, price) = (LineMoney.PriceOn(line.Terms, change.From), new UnitPrice(change.Price));
        if (before == price) return Decision.Refuse(line, RefusalCode.NothingChanged, $"The line costs {price} on {change.From:yyyy-MM-dd} already.");
        if (line.Terms.Prices.Count >= LineTerms.PricesMax) return Decision.Refuse(line, RefusalCode.TermsFull, $"A line has at most {LineTerms.PricesMax} prices.");
        var after = line with { Terms = Priced(line.Terms, change.From, price) };
        return new(after, Verdict.Ok,
        [
            .. LineMoney.Adjustments(line, after, change.From, turn),
            new Effect.Audit("line.price", $"{before}", $"{price} from {change.From:yyyy-MM-dd}"),
        ]);
    }

    public static Decision<ServiceLineState> ChangeTerms(ServiceLineState line, ServiceLineMessage.ChangeTerms change, Turn turn)
    {
        if (Objection(change.Terms) is { } objection) return new(line, objection, []);
        if (change.From >= line.Contract.Until) return ServiceLineGrain.Ended(line);
        if (ServiceLineGrain.TooOld(line, change.From, turn) is { } tooOld) return tooOld;
        var first = line.Terms.Cadence.PeriodContaining(change.From).Span.From;
        var (before, wanted) = (LineMoney.TermsFor(line.Terms, first), Checked(change.Terms, line.Terms));
        if (before == wanted) return Decision.Refuse(line, RefusalCode.NothingChanged, $"The line has these terms from {first:yyyy-MM-dd} already.");
        if (line.Terms.Changes.Count >= LineTerms.ChangesMax) return Decision.Refuse(line, RefusalCode.TermsFull, $"A line's terms change at most {LineTerms.ChangesMax} times.");
        var after = line with { Terms = Changed(line.Terms, first, wanted) };
        if (IsFixed(line, after, first, turn))
        {
            return Decision.Refuse(
                line, RefusalCode.TermsFixed, $"Day count, rounding and timing of charged periods stay; the first that is not charged begins on {line.ChargedUntil:yyyy-MM-dd}.");
        }

        after = after with { RunningUnits = LineMoney.Running(after, turn) };
        return new(after, Verdict.Ok,
        [
            .. LineEffects.OfTerms(line, after, first, turn),
            .. Woken(line, after, turn),
            new Effect.Audit("line.terms", Describe(before), $"{Describe(wanted)} from {first:yyyy-MM-dd}"),
        ]);
    }

    /// <summary>A line that is charged at another time, or made true once a month is over, is woken then.</summary>
    private static IEnumerable<Effect> Woken(ServiceLineState line, ServiceLineState after, Turn turn)
    {
        var (moved, on) = (LineEffects.NextBoundary(line), LineEffects.NextBoundary(after));
        var runs = after.Basis.Kind != BasisKind.None && (after.ChargedUntil < after.Contract.Until || after.RunningUnits is not null);
        if (!runs || (moved == on && after.RunningUnits is null)) return [];
        return [new Effect.RemindAtNight(ReminderName.Boundary, on), .. moved == on ? [] : ServiceLineGrain.FirstNight(after, turn)];
    }

    private const string PriceRange = "A price, fee or commitment runs from 0 to 1,000,000,000 with at most six decimals.";

    private static LineTerms Priced(LineTerms terms, DateOnly from, UnitPrice price)
    {
        var sequence = terms.Prices.Where(known => known.EffectiveOn == from).Select(known => known.Sequence).DefaultIfEmpty().Max() + 1;
        return terms with { Prices = Sequence.From(terms.Prices.With(new(from, sequence, price)).OrderBy(known => known.EffectiveOn).ThenBy(known => known.Sequence)) };
    }

    private static LineTerms Changed(LineTerms terms, DateOnly from, PeriodTerms wanted)
    {
        var sequence = terms.Changes.Where(known => known.From == from).Select(known => known.Sequence).DefaultIfEmpty().Max() + 1;
        return terms with { Changes = Sequence.From(terms.Changes.With(new(from, sequence, wanted)).OrderBy(known => known.From).ThenBy(known => known.Sequence)) };
    }

    /// <summary>A charged period keeps the day count it was charged with, how its lines were rounded, and that it was charged when it was.</summary>
    private static bool IsFixed(ServiceLineState line, ServiceLineState after, DateOnly first, Turn turn)
    {
        if (first >= line.ChargedUntil || line.Basis.Kind == BasisKind.None) return false;
        return line.Terms.Cadence.PeriodsOverlapping(new(first, line.ChargedUntil))
            .Any(period => Fixed(line.Terms, period.Span.From, turn) != Fixed(after.Terms, period.Span.From, turn));

        static (DayCount, LineRounding, UnitPriceRounding, BillingTiming) Fixed(LineTerms terms, DateOnly periodFrom, Turn turn)
        {
            var settings = LineMoney.SettingsOf(terms, periodFrom, turn);
            return (settings.DayCount, settings.Rounding, settings.UnitPriceRounding, LineMoney.TimingOf(terms, periodFrom));
        }
    }

    private static Verdict.Refused? Objection(ProposedTerms terms)
    {
        if (new[] { terms.Minimum, terms.Maximum, terms.Included }.Any(units => units is { } number && !Units.IsValid(number)))
            return new(RefusalCode.UnitsInvalid, "Units run from 0 to 1,000,000,000 with at most six decimals.");
        if (terms.Maximum < terms.Minimum) return new(RefusalCode.LimitsInverted, $"The maximum of {terms.Maximum:0.######} units is below the minimum of {terms.Minimum:0.######}.");
        if (terms.Tiers.Any(tier => tier.UpTo is { } upTo && !Units.IsValid(upTo)))
            return new(RefusalCode.TiersInvalid, "A tier ends at a number of units from 0 to 1,000,000,000 with at most six decimals.");
        if (terms.Tiers.Any(tier => !UnitPrice.IsValid(tier.Price) || !UnitPrice.IsValid(tier.FlatFee)) || (terms.Commitment is { } commitment && !UnitPrice.IsValid(commitment))) return new(RefusalCode.PriceInvalid, PriceRange);
        return terms.Tiers.Count > 0 && Tiers.Objection([.. terms.Tiers.Select(Checked)]) is { } objection ? new(RefusalCode.TiersInvalid, objection) : null;
    }

    private static PeriodTerms Checked(ProposedTerms terms, LineTerms line) => new(
        Number(terms.Minimum),
        Number(terms.Maximum),
        Number(terms.Included),
        terms.Tiers.Count == 0 ? null : new(terms.TierKind, Sequence.From(terms.Tiers.Select(Checked))),
        terms.Settings)
    {
        Commitment = terms.Commitment is { } commitment ? new(commitment) : null,
        Timing = terms.Timing == line.Timing ? null : terms.Timing,
        Rounding = terms.Rounding == line.Rounding ? null : terms.Rounding,
    };

    private static PriceTier Checked(ProposedTier tier) => new(Number(tier.UpTo), new(tier.Price), new(tier.FlatFee));

    private static Units? Number(decimal? units) => units is { } number ? new(number) : null;

    private static string Describe(PeriodTerms terms)
    {
        List<string> words = [];
        if (terms.Minimum is { } minimum) words.Add($"minimum {minimum}");
        if (terms.Maximum is { } maximum) words.Add($"maximum {maximum}");
        if (terms.Included is { } included) words.Add($"{included} included");
        if (terms.Commitment is { } commitment) words.Add($"commitment {commitment}");
        if (terms.Tiers is { } tiers) words.Add($"{tiers.Steps.Count} tiers, {(tiers.Kind == TierKind.Volume ? "volume" : "graduated")}");
        if (terms.Timing is { } timing) words.Add($"in {(timing == BillingTiming.Advance ? "advance" : "arrears")}");
        if (terms.Rounding is { } rounding) words.Add($"units rounded {(rounding == UnitRounding.Nearest ? "to the nearest" : rounding == UnitRounding.Up ? "up" : "down")}");
        if (terms.Settings.Mode is { } mode) words.Add($"mode {mode}");
        if (terms.Settings with { Mode = null } != ProrationOverrides.None) words.Add("settings of its own");
        return words.Count == 0 ? "plain" : string.Join(", ", words);
    }
}
