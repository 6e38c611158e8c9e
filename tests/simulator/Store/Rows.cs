using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Nights;

namespace UsageBilling.Tests.Simulator.Store;

internal sealed record MspRow(long Id, string Zone, TimeOnly NightAt, string Currency, HoldLimits Limits)
{
    public NightCalendar Calendar { get; } = NightCalendar.Of(Zone, NightAt);
}

internal sealed class IntegrationRow
{
    public required long Id { get; init; }

    public required long Msp { get; set; }

    public required string Kind { get; init; }

    public required bool ReadsProducts { get; init; }

    public CredentialState Credentials { get; set; } = CredentialState.Untested;

    public string? CredentialReason { get; set; }

    public DateOnly? NightCursor { get; set; }

    public int Failures { get; set; }

    public int Version { get; set; } = 1;
}

internal sealed record AccountRow(long Id, long Msp, long Integration, string RemoteId);

internal sealed class OrganizationRow
{
    public required long Id { get; init; }

    public required long Msp { get; init; }

    public int MappingVersion { get; set; }

    public int Version { get; set; } = 1;
}

internal sealed class TenantRow
{
    public required long Id { get; init; }

    public required long Msp { get; set; }

    public required long Integration { get; init; }

    public required string Product { get; init; }

    public required string RemoteId { get; init; }

    public int MappingVersion { get; set; }

    public int Version { get; set; } = 1;

    public SortedDictionary<string, TenantCount> Counts { get; } = new(StringComparer.Ordinal);

    public ReadingTable Readings { get; } = new();
}

internal sealed record ReadingRow(string Metric, DateOnly Night, int Number, Units? Units, Evidence Evidence, string? Reason, DateTimeOffset ObservedAt);

/// <param name="Owner">The tenant or organization.</param>
/// <param name="Target">The organization or account.</param>
internal sealed record MappingRow(long Owner, int Version, DateOnly From, long? Target, DateOnly? Until, int? RetiredIn, DateTimeOffset RecordedAt)
{
    public bool Covers(DateOnly date) => From <= date && (Until is not { } until || date < until);
}

internal sealed class ContractRow
{
    public required long Id { get; init; }

    public required long Msp { get; set; }

    public required long Integration { get; init; }

    public required long Account { get; init; }

    public required string RemoteId { get; init; }

    public required string Name { get; set; }

    public required DateOnly From { get; set; }

    public required DateOnly Until { get; set; }

    public bool Active { get; set; } = true;

    public int Version { get; set; } = 1;
}

internal sealed class LineRow
{
    public required long Id { get; init; }

    public required long Msp { get; set; }

    public required long Contract { get; init; }

    public required string RemoteId { get; init; }

    public required LineTerms Terms { get; set; }

    public Basis Basis { get; set; } = Basis.None;

    public required DateOnly ChargedUntil { get; set; }

    public DateTimeOffset? RefreshAskedAt { get; set; }

    /// <summary>The contract's dates that the ledger was written with; null before the first turn.</summary>
    public DateRange? Service { get; set; }

    public Units? RunningUnits { get; set; }

    public int Version { get; set; } = 1;

    public List<CountRow> Counts { get; } = [];

    public List<LedgerRow> Ledger { get; } = [];

    public List<HoldRow> Holds { get; } = [];

    /// <summary>Whether one price, minimum and maximum hold for all periods.</summary>
    public bool HasOneSetOfTerms => Terms.Prices.Count == 0 && Terms.Changes.Count == 0;

    public HoldRow? OpenHold => Holds.Count > 0 && Holds[^1].Resolution is null ? Holds[^1] : null;
}

internal sealed record CountRow(CountRecord Count, int LineVersion, DateTimeOffset RecordedAt);

internal sealed record LedgerRow(int LineVersion, int Number, LedgerEntry Entry, DateTimeOffset RecordedAt);

internal sealed record HoldRow(Hold Hold, DateTimeOffset OpenedAt, string? Resolution, DateTimeOffset? ResolvedAt);

/// <summary>Work that waits for its time: tried again after a failure, and parked after the last one until a person releases it.</summary>
internal interface IDueWork
{
    DateTimeOffset DueAt { get; set; }

    int Attempt { get; set; }

    string? ParkedReason { get; set; }
}

internal readonly record struct ReminderKey(GrainKind Kind, long Grain, string Name);

internal sealed class ReminderRow : IDueWork
{
    public required ReminderKey Key { get; init; }

    public required long Msp { get; init; }

    public required DateTimeOffset DueAt { get; set; }

    public DateOnly? Night { get; set; }

    public int Attempt { get; set; }

    public string? ParkedReason { get; set; }
}

internal readonly record struct MessageKey(long Line, DateOnly Night, InputCause Cause);

internal sealed class MessageRow : IDueWork
{
    public required long Id { get; init; }

    public required MessageKey Key { get; init; }

    public required long Msp { get; init; }

    public required DateTimeOffset DueAt { get; set; }

    public int Attempt { get; set; }

    public string? ParkedReason { get; set; }
}

internal sealed class IntentRow
{
    public required long Id { get; init; }

    public required long Msp { get; init; }

    public required long Integration { get; init; }

    public required long Line { get; init; }

    public required string ContractRemoteId { get; init; }

    public required string ServiceRemoteId { get; init; }

    public required DateOnly EffectiveOn { get; init; }

    public required DateOnly SentOn { get; set; }

    public required decimal Desired { get; set; }

    public required DateOnly Night { get; set; }

    public required DateTimeOffset DueAt { get; set; }

    public int Generation { get; set; } = 1;

    public bool TakesOver { get; set; }

    public string State
    {
        get;
        set
        {
            field = value;
            Changed?.Invoke(this);
        }
    } = "pending";

    /// <summary>Told of every change of the state.</summary>
    public Action<IntentRow>? Changed { get; set; }

    public int Attempt { get; set; }

    public decimal? ObservedBefore { get; set; }

    public decimal? Delta { get; set; }

    public DateTimeOffset? SendingAt { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public DateTimeOffset? UnchangedSince { get; set; }

    public decimal? Seen { get; set; }

    public int Checks { get; set; }

    public bool Acknowledged { get; set; }

    public string? Code { get; set; }

    public bool IsInFlight => State is "sending" or "in_doubt";

    public bool IsLive => State is "pending" or "sending" or "in_doubt";
}

internal sealed class NightRow
{
    public required long Integration { get; init; }

    public required DateOnly Night { get; init; }

    public required long Msp { get; init; }

    public required string State { get; set; }

    public int Read { get; set; }

    public int Unread { get; set; }
}

internal sealed record AuditRow(long Msp, DateTimeOffset At, string Actor, string Action, GrainKind Kind, long Grain, string Before, string After);
