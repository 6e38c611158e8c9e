using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Grains;

/// <summary>What a line costs and when it is billed.</summary>
/// <param name="UnitPrice">Per unit and period, in <paramref name="Currency"/>: the first price, which holds until one of <see cref="Prices"/> does.</param>
/// <param name="Timing">Whether a period is charged at its start or at its end, unless one of <see cref="Changes"/> says otherwise.</param>
/// <param name="Minimum">Units billed at least; null for none. Holds for periods before the first of <see cref="Changes"/>, as does the maximum.</param>
/// <param name="Maximum">Units billed at most; null for no limit.</param>
/// <param name="Rounding">How fractional usage becomes the whole units that a PSA takes, unless one of <see cref="Changes"/> says otherwise.</param>
public sealed record LineTerms(
    UnitPrice UnitPrice, Currency Currency, BillingCadence Cadence, BillingTiming Timing, Units? Minimum, Units? Maximum, UnitRounding Rounding)
{
    /// <summary>Prices a line may have been given.</summary>
    public const int PricesMax = 500;

    /// <summary>Changes of terms a line may have been given.</summary>
    public const int ChangesMax = 100;

    /// <summary>Every price but the first, by effective date, then sequence. For one date the greatest sequence counts.</summary>
    public Sequence<LinePrice> Prices { get; init; } = [];

    /// <summary>Other terms for the periods from a date on, by date, then sequence. For one date the greatest sequence counts.</summary>
    public Sequence<TermsChange> Changes { get; init; } = [];
}

/// <summary>What a unit costs from a date on. Append only.</summary>
public sealed record LinePrice(DateOnly EffectiveOn, int Sequence, UnitPrice Price);

/// <summary>Other terms for every period that begins on a date or later. Append only.</summary>
/// <param name="From">The first day of a period.</param>
public sealed record TermsChange(DateOnly From, int Sequence, PeriodTerms Terms)
{
    /// <summary>Which of the line's terms these are.</summary>
    public TermsKey Key => new(From, Sequence);
}

/// <summary>Which terms of a line: the date they hold from, and of those for one date the number.</summary>
public readonly record struct TermsKey(DateOnly From, int Sequence);

/// <summary>What holds for a whole period, besides the price of each day.</summary>
/// <param name="Included">Units of each day that cost nothing, taken off after minimum and maximum.</param>
/// <param name="Tiers">The price list that stands in the price's place; null for the price.</param>
/// <param name="Settings">How the line is prorated otherwise than its msp wants.</param>
public sealed record PeriodTerms(Units? Minimum, Units? Maximum, Units? Included, Tiers? Tiers, ProrationOverrides Settings)
{
    /// <summary>Money that a full period costs at least, less in one of partial service; null for none.</summary>
    public UnitPrice? Commitment { get; init; }

    /// <summary>When the period is charged; null for the timing that the line began with.</summary>
    public BillingTiming? Timing { get; init; }

    /// <summary>How fractional usage becomes the whole units that a PSA takes; null for the way that the line began with.</summary>
    public UnitRounding? Rounding { get; init; }
}

/// <summary>Terms as a person writes them: numbers may be out of range.</summary>
/// <param name="Tiers">Null or empty for none.</param>
public sealed record ProposedTerms(
    decimal? Minimum, decimal? Maximum, decimal? Included, TierKind TierKind, Sequence<ProposedTier> Tiers, ProrationOverrides Settings)
{
    /// <summary>Money that a full period costs at least; null for none.</summary>
    public decimal? Commitment { get; init; }

    /// <summary>When periods are charged; null for the timing that the line began with.</summary>
    public BillingTiming? Timing { get; init; }

    /// <summary>How fractional usage becomes whole units; null for the way that the line began with.</summary>
    public UnitRounding? Rounding { get; init; }
}

/// <summary>One tier as a person writes it.</summary>
/// <param name="UpTo">The last unit in it; null for the last tier.</param>
public sealed record ProposedTier(decimal? UpTo, decimal Price, decimal FlatFee);

/// <summary>How fractional usage becomes whole units.</summary>
public enum UnitRounding
{
    /// <summary>A started unit is a whole one.</summary>
    Up = 1,

    /// <summary>Halves go up.</summary>
    Nearest = 2,

    /// <summary>Only full units count.</summary>
    Down = 3,
}
