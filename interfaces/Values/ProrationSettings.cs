namespace UsageBilling.Interfaces.Values;

/// <summary>On which day a change of units or price begins to count.</summary>
public enum ChangeDay
{
    /// <summary>On its own day: the day counts as new. Most systems do so.</summary>
    New,

    /// <summary>On the day after: the day itself counts as old. What begins a line is no change and counts from its own day.</summary>
    Old,
}

/// <summary>How much of a period a day is.</summary>
public enum DayCount
{
    /// <summary>One of the days that the full period really has.</summary>
    ActualPeriod,

    /// <summary>A thirtieth of a month: the 31st weighs nothing, the last day of February what is missing. Periods of weeks keep their real days.</summary>
    Fixed30,

    /// <summary>Whole months first, each an equal part of the period, then days of the month that is begun. Periods of weeks keep their real days.</summary>
    MonthsFirst,
}

/// <summary>How a change of units at one price is shown.</summary>
public enum LineStyle
{
    /// <summary>One line with the difference.</summary>
    SingleDelta,

    /// <summary>A credit of all units that were charged and a charge of all units that should have been.</summary>
    CreditAndCharge,
}

/// <summary>How the amounts of lines are rounded.</summary>
public enum LineRounding
{
    /// <summary>As differences of rounded cumulative totals: the lines of a period always sum to its rounded exact total.</summary>
    Cumulative,

    /// <summary>Each line by itself, as several vendors do. Sums drift by a coin, and a refund may leave one behind.</summary>
    IndependentPerLine,
}

/// <summary>Whether the prorated price of one unit is rounded before it is multiplied.</summary>
public enum UnitPriceRounding
{
    /// <summary>Never.</summary>
    None,

    /// <summary>To the coin, and each line by itself: what one published ConnectWise invoice shows.</summary>
    PerUnit,
}

/// <summary>When a change inside a period begins to be charged.</summary>
public enum ChangePolicy
{
    /// <summary>From its day.</summary>
    Immediate,

    /// <summary>With the next period; the line keeps what it was charged for.</summary>
    NextPeriod,

    /// <summary>
    /// Of increases: the highest count is charged for the whole period. Of decreases: no day is charged less than the days before it in
    /// the period, so nothing is given back and a later increase counts only above the highest so far.
    /// </summary>
    HighWater,
}

/// <summary>Which units a period is charged for.</summary>
public enum CountMode
{
    /// <summary>Each day's own.</summary>
    ProrateDaily,

    /// <summary>Those of the last day of service, for every day of service.</summary>
    MonthEndLast,

    /// <summary>The most of any day of service, for every day of service.</summary>
    MonthEndMax,

    /// <summary>The average over the days of service, each as heavy as the day count makes it. A new price begins an average of its own.</summary>
    MonthEndAverage,
}

/// <summary>How one line is prorated. Every default is what most systems do and what keeps every coin accounted for.</summary>
public sealed record ProrationSettings
{
    /// <summary>All defaults.</summary>
    public static readonly ProrationSettings Default = new();

    /// <summary>On which day a change begins to count.</summary>
    public ChangeDay ChangeDay { get; init; }

    /// <summary>How much of a period a day is. A period keeps the day count it was first posted with.</summary>
    public DayCount DayCount { get; init; }

    /// <summary>How a change of units is shown.</summary>
    public LineStyle LineStyle { get; init; }

    /// <summary>How amounts are rounded.</summary>
    public LineRounding Rounding { get; init; }

    /// <summary>Whether the prorated price of a unit is rounded first; if so each line is rounded by itself too.</summary>
    public UnitPriceRounding UnitPriceRounding { get; init; }

    /// <summary>When more units begin to be charged.</summary>
    public ChangePolicy Increases { get; init; }

    /// <summary>When fewer units begin to be charged.</summary>
    public ChangePolicy Decreases { get; init; }

    /// <summary>Which units a period is charged for.</summary>
    public CountMode Mode { get; init; }

    /// <summary>Closed periods a change may reach back into; null for no limit. Beyond it somebody must approve.</summary>
    public int? ClosedPeriodsBackMax { get; init; }

    /// <summary>Whether the lines of a period sum to its rounded exact total: only then is what was posted known without them.</summary>
    public bool SumsToTotal => Rounding == LineRounding.Cumulative && UnitPriceRounding == UnitPriceRounding.None;
}

/// <summary>What somebody wants otherwise than the settings beneath: null leaves a setting as it is there.</summary>
public sealed record ProrationOverrides(
    ChangeDay? ChangeDay = null,
    DayCount? DayCount = null,
    LineStyle? LineStyle = null,
    LineRounding? Rounding = null,
    UnitPriceRounding? UnitPriceRounding = null,
    ChangePolicy? Increases = null,
    ChangePolicy? Decreases = null,
    CountMode? Mode = null,
    int? ClosedPeriodsBackMax = null)
{
    /// <summary>Everything as it is beneath.</summary>
    public static readonly ProrationOverrides None = new();

    /// <summary>The settings that hold.</summary>
    public ProrationSettings Over(ProrationSettings beneath)
    {
        ArgumentNullException.ThrowIfNull(beneath);
        return this == None ? beneath : new()
        {
            ChangeDay = ChangeDay ?? beneath.ChangeDay,
            DayCount = DayCount ?? beneath.DayCount,
            LineStyle = LineStyle ?? beneath.LineStyle,
            Rounding = Rounding ?? beneath.Rounding,
            UnitPriceRounding = UnitPriceRounding ?? beneath.UnitPriceRounding,
            Increases = Increases ?? beneath.Increases,
            Decreases = Decreases ?? beneath.Decreases,
            Mode = Mode ?? beneath.Mode,
            ClosedPeriodsBackMax = ClosedPeriodsBackMax ?? beneath.ClosedPeriodsBackMax,
        };
    }
}

/// <summary>The settings of periods that begin on a date or later.</summary>
public sealed record DatedSettings(DateOnly From, ProrationSettings Settings);
