using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>
/// A question about one line's money, in plain numbers as somebody outside asks it: periods, price, changes and settings.
/// <see cref="ProrationPreview.Of"/> answers it.
/// </summary>
public sealed record ProrationRequest
{
    /// <summary>A code of ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The full aligned periods, in order and without overlap: each one's days are the denominator of its lines.</summary>
    public required IReadOnlyList<RequestedDays> Periods { get; init; }

    /// <summary>The first day that is charged; null for the first of the first period.</summary>
    public DateOnly? ServiceFrom { get; init; }

    /// <summary>The day after the last that is charged; null while no end is known.</summary>
    public DateOnly? ServiceUntil { get; init; }

    /// <summary>Per unit and full period, until the first price change. Ignored where there are tiers.</summary>
    public decimal UnitPrice { get; init; }

    /// <summary>A price list in the place of one price, or null.</summary>
    public RequestedTiers? Tiers { get; init; }

    /// <summary>Units until the first change; null where nobody had counted before it.</summary>
    public decimal? InitialUnits { get; init; }

    /// <summary>Absolute units from dates on. For one date the later in the list wins.</summary>
    public IReadOnlyList<RequestedUnits> Changes { get; init; } = [];

    /// <summary>Prices from dates on. For one date the later in the list wins.</summary>
    public IReadOnlyList<RequestedPrice> PriceChanges { get; init; } = [];

    /// <summary>Units charged on a day of service at least.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>Units charged on a day of service at most.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>Units of each day that cost nothing.</summary>
    public decimal? Included { get; init; }

    /// <summary>Money a full period costs at least.</summary>
    public decimal? Commitment { get; init; }

    /// <summary>How to prorate.</summary>
    public ProrationSettings Settings { get; init; } = ProrationSettings.Default;

    /// <summary>What was posted before, right or wrong; the first run then corrects it, as run 1.</summary>
    public IReadOnlyList<RequestedPosting> PostedBefore { get; init; } = [];

    /// <summary>What the first run knew where the later ones have the terms above; null where nothing but counts and prices changed.</summary>
    public RequestedTerms? PostedWith { get; init; }

    /// <summary>The day somebody asks, which the limit of back-dating is counted from; null to ask no such question.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Whether a change calls off the ones of later dates that stand before it in the list.</summary>
    public bool Supersede { get; init; }

    /// <summary>Whether every dated change begins a line of its own, also one that changes nothing: where a contract has phases.</summary>
    public bool CutAtChanges { get; init; }
}

/// <summary>Days until, and without, the second date.</summary>
public readonly record struct RequestedDays(DateOnly From, DateOnly Until);

/// <summary>Absolute units from a date on.</summary>
/// <param name="Run">The posting run that first knows of it: 0 for the first posting of the period.</param>
public sealed record RequestedUnits(DateOnly On, decimal Units, int Run = 0);

/// <summary>A price from a date on, or a price list.</summary>
/// <param name="Run">The posting run that first knows of it.</param>
public sealed record RequestedPrice(DateOnly On, decimal UnitPrice, int Run = 0, RequestedTiers? Tiers = null);

/// <summary>A price list.</summary>
public sealed record RequestedTiers(TierKind Kind, IReadOnlyList<RequestedTier> Steps);

/// <summary>One tier.</summary>
/// <param name="UpTo">Its last unit; null for the last tier.</param>
public sealed record RequestedTier(decimal? UpTo, decimal Price, decimal FlatFee = 0m);

/// <summary>Terms besides the price.</summary>
/// <param name="Settings">Null for those of the request. The day count is not looked at: a period keeps it.</param>
public sealed record RequestedTerms(decimal? Minimum, decimal? Maximum, decimal? Included, decimal? Commitment, ProrationSettings? Settings = null);

/// <summary>A line somebody posted.</summary>
/// <param name="Units">Units it charged for; zero for money that belongs to no units.</param>
/// <param name="UnitPrice">The price of them; null for the price of the request.</param>
public sealed record RequestedPosting(DateOnly From, DateOnly Until, decimal Units, decimal? UnitPrice, decimal Amount);

/// <summary>What a request comes to.</summary>
public abstract record ProrationAnswer
{
    private ProrationAnswer()
    {
    }

    /// <summary>The lines to post.</summary>
    /// <param name="Lines">By run, then as <see cref="Proration.Lines"/> orders them.</param>
    /// <param name="Total">Their sum, with what was posted before.</param>
    public sealed record Computed(Sequence<RunLine> Lines, Money Total) : ProrationAnswer;

    /// <summary>The request cannot be answered; nothing was computed.</summary>
    /// <param name="Field">Which part of the request is to blame, spelled as a case spells it: <c>changes[3].units</c>.</param>
    public sealed record Refused(Verdict.Refused Why, string Field) : ProrationAnswer;
}

/// <summary>A line and the run that posts it.</summary>
public sealed record RunLine(int Run, ProrationLine Line);
