namespace UsageBilling.Interfaces.Vendors;

/// <summary>The service desk of one PSA account: what its lists hold, and tickets. Implemented by a connector per PSA; called by silos, never inside a turn.</summary>
public interface IPsaDesk
{
    /// <summary>The integration kind it serves, for example <c>bms</c>.</summary>
    string Kind { get; }

    /// <summary>Every value a ticket of this PSA may be given, of every list the PSA has. At most 20,000 values; a list the PSA does not have is absent.</summary>
    Task<VendorAnswer<IReadOnlyList<DeskValue>>> Values(VendorAccess access, CancellationToken cancellation);

    /// <summary>
    /// The tickets that carry a mark, open or closed, newest first, at most 50. A PSA without a field for marks is searched by its text, so the connector compares
    /// the mark exactly before it answers.
    /// </summary>
    Task<VendorAnswer<IReadOnlyList<ObservedTicket>>> Find(VendorAccess access, string mark, CancellationToken cancellation);

    /// <summary>Opens a ticket. Never retries: whoever calls has searched for the mark before, and searches again when the answer is lost.</summary>
    Task<SendOutcome> Open(VendorAccess access, NewTicket ticket, CancellationToken cancellation);

    /// <summary>Adds a note. Never retries; <see cref="Notes"/> tells whether a lost one arrived.</summary>
    Task<SendOutcome> AddNote(VendorAccess access, string ticketRemoteId, NewNote note, CancellationToken cancellation);

    /// <summary>The notes of a ticket, at most 500, newest first.</summary>
    Task<VendorAnswer<IReadOnlyList<ObservedNote>>> Notes(VendorAccess access, string ticketRemoteId, CancellationToken cancellation);

    /// <summary>Gives a ticket another status. Safe to repeat.</summary>
    Task<SendOutcome> SetStatus(VendorAccess access, string ticketRemoteId, string statusRemoteId, CancellationToken cancellation);
}

/// <summary>The lists of a PSA that a ticket's fields choose from.</summary>
public enum DeskList
{
    /// <summary>Places of an account; <see cref="DeskValue.ParentRemoteId"/> is the account.</summary>
    Location,

    /// <summary>Queues.</summary>
    Queue,

    /// <summary>Ticket statuses.</summary>
    Status,

    /// <summary>Ticket types.</summary>
    TicketType,

    /// <summary>Ticket sources.</summary>
    Source,

    /// <summary>Priorities.</summary>
    Priority,

    /// <summary>Issue types.</summary>
    IssueType,
}

/// <summary>A value of a list.</summary>
/// <param name="RemoteId">The vendor's id, at most 50 characters.</param>
/// <param name="Name">What a person knows it by.</param>
/// <param name="Active">Whether it may still be chosen.</param>
/// <param name="Preset">Whether the vendor chooses it when nobody does.</param>
/// <param name="ParentRemoteId">What it belongs to, for example a location's account; null for most lists.</param>
public sealed record DeskValue(DeskList List, string RemoteId, string Name, bool Active, bool Preset, string? ParentRemoteId = null);

/// <summary>A ticket to be opened. A field that is null is left to the PSA.</summary>
/// <param name="Mark">What the ticket is found again by: 1 to 50 letters, digits, dashes and colons.</param>
/// <param name="Title">At most 200 characters.</param>
/// <param name="Details">At most 8,000 characters of plain text.</param>
/// <param name="OpenedAt">When it began.</param>
/// <param name="DueAt">When it should be done; some PSAs demand it.</param>
public sealed record NewTicket(string Mark, string Title, string Details, string AccountRemoteId, DateTimeOffset OpenedAt, DateTimeOffset DueAt)
{
    /// <summary>A value of <see cref="DeskList.Location"/>.</summary>
    public string? Location { get; init; }

    /// <summary>A value of <see cref="DeskList.Queue"/>.</summary>
    public string? Queue { get; init; }

    /// <summary>A value of <see cref="DeskList.Status"/>.</summary>
    public string? Status { get; init; }

    /// <summary>A value of <see cref="DeskList.TicketType"/>.</summary>
    public string? TicketType { get; init; }

    /// <summary>A value of <see cref="DeskList.Source"/>.</summary>
    public string? Source { get; init; }

    /// <summary>A value of <see cref="DeskList.Priority"/>.</summary>
    public string? Priority { get; init; }

    /// <summary>A value of <see cref="DeskList.IssueType"/>.</summary>
    public string? IssueType { get; init; }
}

/// <summary>A note to be added to a ticket.</summary>
/// <param name="Mark">What the note is found again by; the connector puts it at the end of the text.</param>
/// <param name="Title">At most 200 characters.</param>
/// <param name="Text">At most 8,000 characters.</param>
public sealed record NewNote(string Mark, string Title, string Text, DateTimeOffset At);

/// <summary>A ticket as the PSA shows it.</summary>
/// <param name="Number">The number a person knows it by; null while the PSA has given none.</param>
/// <param name="StatusRemoteId">A value of <see cref="DeskList.Status"/>.</param>
/// <param name="Link">Where a person opens it in the PSA; null where the address is not known.</param>
public sealed record ObservedTicket(string RemoteId, string? Number, string AccountRemoteId, string Title, string StatusRemoteId, DateTimeOffset OpenedAt, Uri? Link);

/// <summary>A note of a ticket.</summary>
public sealed record ObservedNote(string RemoteId, string Text);
