using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Grains;

/// <summary>State of a product tenant: its last counts and where it is mapped.</summary>
/// <param name="Product">Product id of the catalogue.</param>
/// <param name="Counts">One per metric ever read, ordered by metric.</param>
/// <param name="Mappings">Live spans in order of date, without overlap.</param>
/// <param name="MappingVersion">Version of the last mapping change; 0 before the first.</param>
public sealed record ProductTenantState(ProductTenantId Id, string Product, Sequence<TenantCount> Counts, Sequence<MappingSpan> Mappings, int MappingVersion);

/// <summary>The last reading of one metric.</summary>
/// <param name="Units">Null when the source gave no number.</param>
/// <param name="Night">The night since which units and evidence have been so.</param>
/// <param name="ObservedAt">When the source was last asked on purpose, or when the value last changed.</param>
public sealed record TenantCount(string Metric, Units? Units, Evidence Evidence, string? Reason, DateOnly Night, DateTimeOffset ObservedAt);

/// <summary>One dated mapping: from a date on, until another (exclusive), to a target; a null target means mapped to nothing.</summary>
public sealed record MappingSpan(long? Target, DateOnly From, DateOnly? Until)
{
    /// <summary>Whether the span holds on a date.</summary>
    public bool Covers(DateOnly date) => From <= date && (Until is not { } until || date < until);
}

/// <summary>What a product tenant can be told.</summary>
public abstract record ProductTenantMessage
{
    private ProductTenantMessage()
    {
    }

    /// <summary>The tenant was looked for at its source.</summary>
    /// <param name="DueNight">The first night not yet read; earlier than <paramref name="Night"/> when nights were missed.</param>
    /// <param name="Night">The night the reading is for.</param>
    /// <param name="Requested">Whether somebody asked for the read, so that the lines hear of it even when nothing changed.</param>
    /// <param name="Attempt">How many reads of this night failed before this one; 0 for the first.</param>
    public sealed record Read(DateOnly DueNight, DateOnly Night, DateTimeOffset ObservedAt, TenantSight Sight, bool Requested, int Attempt) : ProductTenantMessage;

    /// <summary>A feed was told something of the tenant. When it is looked at next does not change: that is the night's end, whatever was told.</summary>
    /// <param name="Night">The night the counts are for.</param>
    /// <param name="FedAt">When they were told.</param>
    /// <param name="Sight">Seen, or absent from a complete snapshot.</param>
    /// <param name="Whole">Whether all was told: then a metric that is not among the counts has no number. Otherwise it is left as it is.</param>
    public sealed record Fed(DateOnly Night, DateTimeOffset FedAt, TenantSight Sight, bool Whole) : ProductTenantMessage;

    /// <summary>What a feed was told of the tenant was looked through: at the end of nights, or because somebody asked.</summary>
    /// <param name="At">When.</param>
    /// <param name="Night">The night that runs, and of which more may be told.</param>
    /// <param name="Unfed">The nights before it that were told nothing of, by metric and night.</param>
    /// <param name="Due">Whether the end of a night was waited for; the next one is waited for then.</param>
    /// <param name="Requested">Whether somebody asked, so that the lines hear of it even when nothing changed.</param>
    public sealed record FeedChecked(DateTimeOffset At, DateOnly Night, Sequence<UnfedNight> Unfed, bool Due, bool Requested) : ProductTenantMessage;

    /// <summary>From a date on the tenant belongs to an organization, or to none.</summary>
    public sealed record Map(OrganizationId? Organization, DateOnly From) : ProductTenantMessage;
}

/// <summary>A night that is over and of which a feed was told nothing.</summary>
public sealed record UnfedNight(string Metric, DateOnly Night);

/// <summary>What a read saw of one tenant.</summary>
public abstract record TenantSight
{
    private TenantSight()
    {
    }

    /// <summary>The source showed the tenant.</summary>
    public sealed record Seen(Sequence<SeenCount> Counts) : TenantSight;

    /// <summary>The source's complete list does not have the tenant.</summary>
    public sealed record Absent : TenantSight;

    /// <summary>The source could not be read.</summary>
    public sealed record Unread(string Code) : TenantSight;
}

/// <summary>One metric as seen.</summary>
/// <param name="Units">Null when the source answered null.</param>
/// <param name="Suspicion">A <see cref="HoldReason"/> when the number is doubtful for reasons outside the tenant.</param>
public sealed record SeenCount(string Metric, Units? Units, string? Suspicion);
