namespace UsageBilling.Interfaces.Readings;

/// <summary>How far a reading can be believed. Only <see cref="Fresh"/> and <see cref="ConfirmedZero"/> move a bill by themselves.</summary>
public enum Evidence
{
    /// <summary>The source answered with a number tonight.</summary>
    Fresh = 1,

    /// <summary>The source answered, but not with something to bill from: null, or a number under suspicion.</summary>
    Partial = 2,

    /// <summary>Nobody looked that night, or the tenant was not in the source's list.</summary>
    Stale = 3,

    /// <summary>The source could not be read.</summary>
    Failed = 4,

    /// <summary>A number for a tenant that belongs to no organization that night.</summary>
    Unmapped = 5,

    /// <summary>A zero that a person confirmed.</summary>
    ConfirmedZero = 6,
}

/// <summary>Stable codes for why evidence is short of fresh, and why a line is held.</summary>
public static class HoldReason
{
    /// <summary>The source answered null, or a number no count can be.</summary>
    public const string CountMissing = "count_missing";

    /// <summary>The tenant is not in the source's list any more.</summary>
    public const string TenantMissing = "tenant_missing";

    /// <summary>The source could not be read.</summary>
    public const string ReadFailed = "read_failed";

    /// <summary>The product's total over all tenants fell by more than the msp's limit.</summary>
    public const string ProductTotalDrop = "product_total_drop";

    /// <summary>The line would move by more than the msp's limits.</summary>
    public const string MovedTooFar = "moved_too_far";

    /// <summary>The line would drop to zero.</summary>
    public const string DroppedToZero = "dropped_to_zero";

    /// <summary>More nights were missed than are caught up without a person looking.</summary>
    public const string GapTooLong = "gap_too_long";

    /// <summary>A feed was told nothing of the tenant for a night, and the night is over.</summary>
    public const string NotFed = "not_fed";

    /// <summary>All of them, for documents and tests.</summary>
    public static IReadOnlyList<string> All { get; } =
        [CountMissing, TenantMissing, ReadFailed, ProductTotalDrop, MovedTooFar, DroppedToZero, GapTooLong, NotFed];
}
