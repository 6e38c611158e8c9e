using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Grains;

/// <summary>State of an alert.</summary>
/// <param name="Open">Whether what it tells of still is so.</param>
/// <param name="Occurrence">How often it was raised anew; a ticket is of one occurrence. 0 before the first.</param>
/// <param name="Repeats">How often it was told again during this occurrence.</param>
/// <param name="Ticketed">Whether this occurrence has a ticket, in the PSA or on its way there.</param>
/// <param name="Events">The last tellings, by the names that their senders gave them: one that comes twice is known.</param>
/// <param name="Target">Whose it is and which PSA has its tickets, as it was told last; null before the first time.</param>
public sealed record AlertState(
    AlertId Id, bool Open, int Occurrence, int Repeats, bool Ticketed, AlertSeverity Severity, string Title, Sequence<string> Events, AlertTarget? Target,
    DateTimeOffset? RaisedAt, DateTimeOffset? LastAt, DateTimeOffset? ClearedAt);

/// <summary>Whose alert it is, and where its tickets go.</summary>
/// <param name="Organization">Null when it is nobody's in particular.</param>
/// <param name="AccountRemoteId">The PSA account of its tickets; null when it makes none.</param>
public sealed record AlertTarget(IntegrationId Integration, OrganizationId? Organization, string? AccountRemoteId);

/// <summary>What an alert can be told.</summary>
public abstract record AlertMessage
{
    private AlertMessage()
    {
    }

    /// <summary>It is so, or still is.</summary>
    /// <param name="Event">The sender's own name for this telling; null when it has none.</param>
    /// <param name="Terms">What a ticket would be opened with; null when this severity makes none.</param>
    public sealed record Raised(string? Event, AlertSeverity Severity, string Title, string Details, AlertTarget Target, TicketTerms? Terms) : AlertMessage;

    /// <summary>It is over.</summary>
    /// <param name="CloseStatus">The status that the ticket gets; null when none is set.</param>
    public sealed record Cleared(string? Event, string Details, string? CloseStatus) : AlertMessage;
}
