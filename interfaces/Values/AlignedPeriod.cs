namespace UsageBilling.Interfaces.Values;

/// <summary>One full billing period. Its days are the denominator of every proration inside it, even for a line that starts or ends within.</summary>
public sealed record AlignedPeriod
{
    /// <summary>The longest period: a leap year.</summary>
    public const int DaysMax = 366;

    /// <summary>A period with its number and its days.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Longer than <see cref="DaysMax"/> days.</exception>
    public AlignedPeriod(int number, DateRange span)
    {
        ArgumentNullException.ThrowIfNull(span);
        if (span.Days > DaysMax) throw new ArgumentOutOfRangeException(nameof(span), span, $"A billing period has at most {DaysMax} days.");
        Number = number;
        Span = span;
    }

    /// <summary>Counted from the anchor: 0 is the period that begins on it, −1 the one before.</summary>
    public int Number { get; }

    /// <summary>All its days.</summary>
    public DateRange Span { get; }

    /// <summary>How many days, 1 to <see cref="DaysMax"/>.</summary>
    public int Days => Span.Days;
}
