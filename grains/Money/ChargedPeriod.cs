using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Units at a price for some days.</summary>
/// <param name="Accrual">What they cost exactly.</param>
public sealed record ChargedUnits(decimal Units, UnitPrice Price, Accrual Accrual);

/// <summary>Days in a row that are counted and charged alike.</summary>
/// <param name="Counted">The count of each day; null where nobody has counted.</param>
/// <param name="Weight">How much of the period they are, of the denominator of its accruals.</param>
/// <param name="Charges">Nothing on days without service, and where a month's end decides.</param>
public sealed record ChargedDays(DateRange Span, Units? Counted, int Weight, ImmutableArray<ChargedUnits> Charges);

/// <summary>What is charged once, beside the days.</summary>
public sealed record ChargedOnce(ChargeKind Kind, DateRange Span, decimal Units, UnitPrice Price, Accrual Accrual);

/// <summary>What a period costs under terms and counts, day by day: for reading, not for posting.</summary>
/// <param name="Days">All days of the period, in order and without gaps.</param>
public sealed record ChargedPeriod(ImmutableArray<ChargedDays> Days, ImmutableArray<ChargedOnce> Once)
{
    /// <summary>Reads the days as <see cref="Proration.Lines"/> prices them.</summary>
    public static ChargedPeriod Of(LineTerms terms, CountTimeline counts, AlignedPeriod period)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(period);
        var charges = DailyCharges.Of(terms, counts, period, terms.Settings.DayCount);
        var counted = counts.Within(period.Span);
        var cuts = counted.Select(day => day.Span).Concat(charges.Charges.Select(charge => charge.Span)).SelectMany(span => new[] { span.From, span.Until }).Distinct().Order().ToList();
        return new(
            [.. cuts.Zip(cuts.Skip(1), (from, until) => DaysOf(charges, new(from, until), counted.First(day => day.Span.Contains(from)).Record?.Units))],
            [.. charges.Once.Select(charge => new ChargedOnce(charge.Kind, charge.Span, charge.Units, charge.Price, Accrual.OfNumerator(charge.Numerator, charges.Days.Denominator)))]);
    }

    private static ChargedDays DaysOf(DailyCharges charges, DateRange span, Units? counted)
    {
        var weight = charges.Days.Weight(span);
        return new(span, counted, weight, [.. charges.Charges.Where(charge => charge.Span.Contains(span)).Select(charge => new ChargedUnits(
            charge.Units, charge.Price, Accrual.Of(charge.Units, charge.Price, weight, charges.Days.Denominator)))]);
    }
}
