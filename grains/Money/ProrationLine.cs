using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>What a line charges for.</summary>
public enum ChargeKind
{
    /// <summary>Units at a price, for days.</summary>
    Units,

    /// <summary>Average units at a price, in the month-end mode that averages.</summary>
    Average,

    /// <summary>The flat fee of a tier, once per period.</summary>
    FlatFee,

    /// <summary>What usage lacks of the commitment.</summary>
    Commitment,

    /// <summary>What a ledger that was written elsewhere is wrong by, when no other line can carry it.</summary>
    Correction,
}

/// <summary>One item to post: a difference of units at a price for some days of one period. Once posted it never changes.</summary>
public sealed record ProrationLine
{
    /// <summary>A line of units as it was computed, or as it was posted. The exact accrual follows from the rest.</summary>
    /// <param name="span">Days inside the period.</param>
    /// <param name="deltaUnits">Billable units more (charge) or fewer (credit) than posted before; never zero.</param>
    /// <param name="amount">Zero for free units, or when the cumulative total rounds to the same coin.</param>
    /// <param name="dayCount">How much of the period its days are.</param>
    /// <exception cref="ArgumentException">Days outside the period, or no difference at all.</exception>
    public ProrationLine(AlignedPeriod period, DateRange span, decimal deltaUnits, UnitPrice unitPrice, Money amount, DayCount dayCount = DayCount.ActualPeriod)
        : this(period, span, amount, dayCount)
    {
        if (deltaUnits == 0m) throw new ArgumentException("A line changes the units.", nameof(deltaUnits));
        var days = new PeriodDays(dayCount, period.Span);
        (DeltaUnits, UnitPrice, Accrual) = (deltaUnits, unitPrice, Accrual.Of(deltaUnits, unitPrice, days.Weight(span), days.Denominator));
    }

    internal ProrationLine(AlignedPeriod period, PeriodCharge charge, Money amount, DayCount dayCount)
        : this(period, charge.Span, amount, dayCount)
    {
        (Kind, DeltaUnits, UnitPrice) = (charge.Kind, charge.Units, charge.Price);
        Accrual = Accrual.OfNumerator(charge.Numerator, new PeriodDays(dayCount, period.Span).Denominator);
    }

    private ProrationLine(AlignedPeriod period, DateRange span, Money amount, DayCount dayCount)
    {
        ArgumentNullException.ThrowIfNull(period);
        ArgumentNullException.ThrowIfNull(span);
        ArgumentNullException.ThrowIfNull(amount);
        if (!period.Span.Contains(span)) throw new ArgumentException($"The days {span} are not all in the period {period.Span}.", nameof(span));
        (Period, Span, Amount, DayCount, Accrual) = (period, span, amount, dayCount, null!);
    }

    /// <summary>What it charges for.</summary>
    public ChargeKind Kind { get; }

    /// <summary>The full period the days belong to.</summary>
    public AlignedPeriod Period { get; }

    /// <summary>The days the difference covers.</summary>
    public DateRange Span { get; }

    /// <summary>The first of those days.</summary>
    public DateOnly From => Span.From;

    /// <summary>The day after the last.</summary>
    public DateOnly Until => Span.Until;

    /// <summary>Billable units, after minimum, maximum and included units; negative for a credit. Averages are shown to six decimals.</summary>
    public decimal DeltaUnits { get; }

    /// <summary>Per unit and full period; of a fee or commitment the whole of it.</summary>
    public UnitPrice UnitPrice { get; }

    /// <summary>How much of the period its days are.</summary>
    public DayCount DayCount { get; }

    /// <summary>What the accrual is divided by: the days of the full period, or what the day count makes of them.</summary>
    public int DaysInPeriod => Accrual.Denominator;

    /// <summary>The exact amount before rounding: difference × price × days / days in period.</summary>
    public Accrual Accrual { get; }

    /// <summary>By how much this line moves the rounded total of its period. Less than one coin away from the accrual.</summary>
    public Money Amount { get; }
}
