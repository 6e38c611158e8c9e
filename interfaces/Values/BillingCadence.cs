using System.Collections.Immutable;

namespace UsageBilling.Interfaces.Values;

/// <summary>A billing period laid out from an anchor date: the calendar of one service line.</summary>
/// <remarks>
/// Boundary k is the anchor plus k periods, clamped to the length of its month and always counted from the anchor: an anchor on the 31st
/// gives 29 February, then 31 March. Counting from the clamped date instead would lose the 31st for good.
/// </remarks>
public sealed record BillingCadence
{
    /// <summary>Boundaries run from −<see cref="NumberMax"/> to +<see cref="NumberMax"/>: 383 years of weeks either way.</summary>
    public const int NumberMax = 20_000;

    /// <summary>The most periods <see cref="PeriodsOverlapping"/> lists: 76 years of weeks.</summary>
    public const int PeriodsMax = 4_000;

    /// <summary>Lays the period out from the anchor.</summary>
    /// <param name="anchor">A day on which a period begins; its day of month (1 to 31) is kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the billing periods.</exception>
    public BillingCadence(BillingPeriod every, DateOnly anchor)
    {
        if (!Enum.IsDefined(every)) throw new ArgumentOutOfRangeException(nameof(every), every, "Not a billing period.");
        Every = every;
        Anchor = anchor;
    }

    /// <summary>How often.</summary>
    public BillingPeriod Every { get; }

    /// <summary>The first day of period 0.</summary>
    public DateOnly Anchor { get; }

    private int Months => Every switch
    {
        BillingPeriod.Monthly => 1,
        BillingPeriod.Quarterly => 3,
        BillingPeriod.SemiAnnual => 6,
        BillingPeriod.Yearly => 12,
        _ => throw new InvalidOperationException("A week has no months."),
    };

    /// <summary>The first day of period <paramref name="number"/>, which is the day after the last of the one before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Beyond <see cref="NumberMax"/>, or outside the calendar (years 1 to 9999).</exception>
    public DateOnly Boundary(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, NumberMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, -NumberMax);
        return Every == BillingPeriod.Weekly ? Anchor.AddDays(7 * number) : Anchor.AddMonths(Months * number);
    }

    /// <summary>Period <paramref name="number"/>: from its boundary until the next one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of its boundaries is beyond <see cref="NumberMax"/> or outside the calendar.</exception>
    public AlignedPeriod Period(int number) => new(number, new(Boundary(number), Boundary(number + 1)));

    /// <summary>The period that has this day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is beyond <see cref="NumberMax"/>.</exception>
    public AlignedPeriod PeriodContaining(DateOnly date)
    {
        var number = NumberNotBefore(date);
        return Period(Boundary(number) > date ? number - 1 : number);
    }

    /// <summary>Every period that shares a day with the range, in order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="PeriodsMax"/>, or beyond <see cref="NumberMax"/>.</exception>
    public ImmutableArray<AlignedPeriod> PeriodsOverlapping(DateRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        var first = PeriodContaining(range.From).Number;
        var last = PeriodContaining(range.Until.AddDays(-1)).Number;
        if (last - first >= PeriodsMax) throw new ArgumentOutOfRangeException(nameof(range), range, $"At most {PeriodsMax} billing periods at a time.");
        return [.. Enumerable.Range(first, last - first + 1).Select(Period)];
    }

    /// <summary>The period that has this day, or the one after it: months alone cannot tell on which side of the anchor's day it lies.</summary>
    private int NumberNotBefore(DateOnly date) => Every == BillingPeriod.Weekly
        ? FloorDivide(date.DayNumber - Anchor.DayNumber, 7)
        : FloorDivide(((date.Year - Anchor.Year) * 12) + date.Month - Anchor.Month, Months);

    private static int FloorDivide(int dividend, int divisor) => (dividend / divisor) - (dividend % divisor < 0 ? 1 : 0);
}
