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

    /// <summary>All of them, for documents and tests.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        DateTooOld, DateTooFar, LineEnded, BasisNone, BasisLocked, BasisInvalid, HoldNone, HoldWithoutCount,
        NightNotYet, NightAlreadyRead, IntegrationParked, IntegrationWithoutCounts, InputsNone,
        BasisNotManual, ReadingOvertaken, NothingChanged, ContractDatesInverted,
    ];
}
