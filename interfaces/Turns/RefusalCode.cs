namespace UsageBilling.Interfaces.Turns;

/// <summary>Every code a grain refuses with. Documented in docs/OPERATING.md; a convention test compares the two.</summary>
public static class RefusalCode
{
    /// <summary>The date lies further back than changes may reach.</summary>
    public const string DateTooOld = "date_too_old";

    /// <summary>The date lies further ahead than changes may reach.</summary>
    public const string DateTooFar = "date_too_far";

    /// <summary>The line has ended; it takes no more counts.</summary>
    public const string LineEnded = "line_ended";

    /// <summary>The line has no basis: nothing feeds it.</summary>
    public const string BasisNone = "basis_none";

    /// <summary>The basis is locked once it is saved.</summary>
    public const string BasisLocked = "basis_locked";

    /// <summary>The basis names no metric, too many, or one the catalogue does not know.</summary>
    public const string BasisInvalid = "basis_invalid";

    /// <summary>The line is not held.</summary>
    public const string HoldNone = "hold_none";

    /// <summary>The hold has no count to release; say which count is right.</summary>
    public const string HoldWithoutCount = "hold_without_count";

    /// <summary>The night asked for has not come yet.</summary>
    public const string NightNotYet = "night_not_yet";

    /// <summary>The night was already read.</summary>
    public const string NightAlreadyRead = "night_already_read";

    /// <summary>The integration waits for credentials that work.</summary>
    public const string IntegrationParked = "integration_parked";

    /// <summary>The integration reads no products.</summary>
    public const string IntegrationWithoutCounts = "integration_without_counts";

    /// <summary>No product tenant is mapped to the line's account.</summary>
    public const string InputsNone = "inputs_none";

    /// <summary>Only a line with a manual basis takes units from a person.</summary>
    public const string BasisNotManual = "basis_not_manual";

    /// <summary>The reading was overtaken: somebody else read the night first.</summary>
    public const string ReadingOvertaken = "reading_overtaken";

    /// <summary>Nothing would change.</summary>
    public const string NothingChanged = "nothing_changed";

    /// <summary>A contract cannot end before it begins.</summary>
    public const string ContractDatesInverted = "contract_dates_inverted";

    /// <summary>No such currency in ISO 4217.</summary>
    public const string CurrencyUnknown = "currency_unknown";

    /// <summary>A period ends before it begins, or is longer than a year.</summary>
    public const string PeriodInvalid = "period_invalid";

    /// <summary>Periods share a day or are out of order.</summary>
    public const string PeriodsOverlap = "periods_overlap";

    /// <summary>A service cannot end before it begins.</summary>
    public const string ServiceDatesInverted = "service_dates_inverted";

    /// <summary>A price is negative, too large or too fine.</summary>
    public const string PriceInvalid = "price_invalid";

    /// <summary>A number of units is negative, too large or too fine.</summary>
    public const string UnitsInvalid = "units_invalid";

    /// <summary>The maximum of units is below the minimum.</summary>
    public const string LimitsInverted = "limits_inverted";

    /// <summary>The tiers of a price list are out of order, open in the middle, or have numbers no tier can have.</summary>
    public const string TiersInvalid = "tiers_invalid";

    /// <summary>Charged periods cannot be charged in another way: choose a later date.</summary>
    public const string TermsFixed = "terms_fixed";

    /// <summary>A price list stands in the price's place on that date.</summary>
    public const string PriceTiered = "price_tiered";

    /// <summary>The line was given as many prices or terms as one may have.</summary>
    public const string TermsFull = "terms_full";

    /// <summary>What is said to be posted lies outside the periods or is no amount of its currency.</summary>
    public const string PostedInvalid = "posted_invalid";

    /// <summary>More periods, changes or runs than one request may have.</summary>
    public const string RequestTooLarge = "request_too_large";

    /// <summary>Units are dated later than the day on which another line is to go on.</summary>
    public const string UnitsAhead = "units_ahead";

    /// <summary>All of them, for documents and tests.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        DateTooOld, DateTooFar, LineEnded, BasisNone, BasisLocked, BasisInvalid, HoldNone, HoldWithoutCount,
        NightNotYet, NightAlreadyRead, IntegrationParked, IntegrationWithoutCounts, InputsNone,
        BasisNotManual, ReadingOvertaken, NothingChanged, ContractDatesInverted,
        CurrencyUnknown, PeriodInvalid, PeriodsOverlap, ServiceDatesInverted, PriceInvalid, UnitsInvalid, LimitsInverted, TiersInvalid,
        TermsFixed, PriceTiered, TermsFull,
        PostedInvalid, RequestTooLarge, UnitsAhead,
    ];
}
