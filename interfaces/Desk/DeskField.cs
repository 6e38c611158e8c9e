using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Interfaces.Desk;

/// <summary>How bad what an alert tells of is; the numbers are stored.</summary>
public enum AlertSeverity
{
    /// <summary>Something stands still.</summary>
    Critical = 1,

    /// <summary>Something will stand still soon.</summary>
    High = 2,

    /// <summary>Something works, but not as it should.</summary>
    Moderate = 3,

    /// <summary>Somebody should know some time.</summary>
    Low = 4,

    /// <summary>Nothing is wrong.</summary>
    Information = 5,
}

/// <summary>One setting of the tickets of a PSA. Its name is stored.</summary>
/// <param name="Name">As it is stored and told, for example <c>close_status</c>.</param>
/// <param name="List">The list that its values are taken from; null for the account.</param>
/// <param name="Severity">Of a priority: for which alerts.</param>
public sealed record DeskField(string Name, DeskList? List, AlertSeverity? Severity = null)
{
    /// <summary>Whose ticket it is when no organization and no account says so.</summary>
    public static DeskField Account { get; } = new("account", null);

    /// <summary>A place of the account.</summary>
    public static DeskField Location { get; } = new("location", DeskList.Location);

    /// <summary>The queue of new tickets.</summary>
    public static DeskField Queue { get; } = new("queue", DeskList.Queue);

    /// <summary>The status of new tickets.</summary>
    public static DeskField Status { get; } = new("status", DeskList.Status);

    /// <summary>The status of tickets whose alert is over.</summary>
    public static DeskField CloseStatus { get; } = new("close_status", DeskList.Status);

    /// <summary>The type of tickets.</summary>
    public static DeskField TicketType { get; } = new("type", DeskList.TicketType);

    /// <summary>Where tickets come from.</summary>
    public static DeskField Source { get; } = new("source", DeskList.Source);

    /// <summary>The issue type of tickets.</summary>
    public static DeskField IssueType { get; } = new("issue_type", DeskList.IssueType);

    /// <summary>The priority of tickets, for each severity of alerts. The only settings that may say: no ticket.</summary>
    public static IReadOnlyList<DeskField> Priorities { get; } =
    [
        new("priority_critical", DeskList.Priority, AlertSeverity.Critical), new("priority_high", DeskList.Priority, AlertSeverity.High),
        new("priority_moderate", DeskList.Priority, AlertSeverity.Moderate), new("priority_low", DeskList.Priority, AlertSeverity.Low),
        new("priority_information", DeskList.Priority, AlertSeverity.Information),
    ];

    private static readonly IReadOnlyList<DeskField> OfAutotask = [Account, Queue, Status, CloseStatus, .. Priorities];

    private static readonly IReadOnlyList<DeskField> OfBms = [Account, Location, Queue, Status, CloseStatus, TicketType, Source, IssueType, .. Priorities];

    /// <summary>The settings that a kind of integration has; none for a product's.</summary>
    public static IReadOnlyList<DeskField> Of(IntegrationKind kind) => kind.ReadsProducts ? [] : kind.Name == "autotask" ? OfAutotask : OfBms;

    /// <summary>The priority of alerts of that severity.</summary>
    public static DeskField Priority(AlertSeverity severity) => Priorities.First(field => field.Severity == severity);
}
