using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>One item to post: a difference of units at a price for some days of one period. Once posted it never changes.</summary>
public sealed record ProrationLine
{
    /// <summary>A line as it was computed, or as it was posted. The exact accrual follows from the rest.</summary>
    /// <param name="span">Days inside the period.</param>
    /// <param name="deltaUnits">Billable units more (charge) or fewer (credit) than posted before; never zero.</param>
    /// <param name="amount">Zero for free units, or when the cumulative total rounds to the same coin.</param>
    /// <exception cref="ArgumentException">Days outside the period, or no difference at all.</exception>
    public ProrationLine(AlignedPeriod period, DateRange span, decimal deltaUnits, UnitPrice unitPrice, Money amount)
    {
        ArgumentNullException.ThrowIfNull(period);
        ArgumentNullException.ThrowIfNull(amount);
        if (!period.Span.Contains(span)) throw new ArgumentException($"The days {span} are not all in the period {period.Span}.", nameof(span));
        if (deltaUnits == 0m) throw new ArgumentException("A line changes the units.", nameof(deltaUnits));
        (Period, Span, DeltaUnits, UnitPrice, Amount) = (period, span, deltaUnits, unitPrice, amount);
        Accrual = Accrual.Of(deltaUnits, unitPrice, span.Days, period.Days);
    }

    /// <summary>The full period the days belong to.</summary>
    public AlignedPeriod Period { get; }

    /// <summary>The days the difference covers.</summary>
    public DateRange Span { get; }

    /// <summary>The first of those days.</summary>
    public DateOnly From => Span.From;

    /// <summary>The day after the last.</summary>
    public DateOnly Until => Span.Until;

    /// <summary>Billable units, after minimum, maximum and included units; negative for a credit.</summary>
    public decimal DeltaUnits { get; }

    /// <summary>Per unit and full period.</summary>
    public UnitPrice UnitPrice { get; }

    /// <summary>Days of the full period: what the accrual is divided by.</summary>
    public int DaysInPeriod => Period.Days;

    /// <summary>The exact amount before rounding: difference × price × days / days in period.</summary>
    public Accrual Accrual { get; }

    /// <summary>By how much this line moves the rounded total of its period. Less than one coin away from the accrual.</summary>
    public Money Amount { get; }
}
