using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>How heavy the days of one period are. Weights of neighbours add up, and those of the whole period are the denominator.</summary>
/// <remarks>
/// A position is the weight of all days before a date. Because a span weighs the difference of two positions, cutting a period anywhere
/// loses nothing, under every day count.
/// </remarks>
internal readonly struct PeriodDays
{
    /// <summary>The heaviest: twelve months of 29, 30 and 31 days share the multiple 26,970.</summary>
    public const int DenominatorMax = 12 * 26_970;

    private const int DaysOfMonth = 30;

    private readonly DateRange span;
    private readonly int months;

    public PeriodDays(DayCount count, DateRange span)
    {
        this.span = span;
        months = count == DayCount.ActualPeriod ? 0 : MonthsOf(span);
        Count = months == 0 ? DayCount.ActualPeriod : count;
        Denominator = Count switch
        {
            DayCount.Fixed30 => DaysOfMonth * months,
            DayCount.MonthsFirst => months * Multiple(),
            _ => span.Days,
        };
    }

    public int Denominator { get; }

    /// <summary>The day count that applies: periods that are not whole months always have their real days.</summary>
    private DayCount Count { get; }

    public int Weight(DateRange days) => Count == DayCount.ActualPeriod ? days.Days : Position(days.Until) - Position(days.From);

    private int Position(DateOnly date)
    {
        if (date <= span.From) return 0;
        if (date >= span.Until) return Denominator;
        return Count == DayCount.Fixed30 ? Math.Clamp(Thirtieths(date) - Thirtieths(span.From), 0, Denominator) : InMonths(date);
    }

    /// <summary>Whole months are equal parts, and days are parts of the month they are in.</summary>
    private int InMonths(DateOnly date)
    {
        var month = 0;
        while (Boundary(month + 1) <= date) month++;
        var multiple = Denominator / months;
        return (month * multiple) + ((date.DayNumber - Boundary(month).DayNumber) * (multiple / DaysIn(month)));
    }

    private int Multiple()
    {
        var multiple = 1;
        for (var month = 0; month < months; month++) multiple = multiple / Divisor(multiple, DaysIn(month)) * DaysIn(month);
        return multiple;
    }

    private int DaysIn(int month) => Boundary(month + 1).DayNumber - Boundary(month).DayNumber;

    /// <summary>Counted from the end that has the later day of month: the other one may be the clamped one.</summary>
    private DateOnly Boundary(int month)
    {
        if (month == 0) return span.From;
        if (month == months) return span.Until;
        return span.Until.Day > span.From.Day ? span.Until.AddMonths(month - months) : span.From.AddMonths(month);
    }

    private static int Thirtieths(DateOnly date) => (((date.Year * 12) + date.Month) * DaysOfMonth) + Math.Min(date.Day, DaysOfMonth);

    /// <summary>How many whole months the period has; 0 when it is not made of months.</summary>
    private static int MonthsOf(DateRange span)
    {
        var months = ((span.Until.Year - span.From.Year) * 12) + span.Until.Month - span.From.Month;
        if (months == 0) return 0;
        var whole = span.From.AddMonths(months) == span.Until || span.Until.AddMonths(-months) == span.From;
        return whole ? months : 0;
    }

    private static int Divisor(int left, int right) => right == 0 ? left : Divisor(right, left % right);
}
