using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Desk;

/// <summary>A service desk in memory, in the place of a connector.</summary>
public sealed class PretendDesk : IPsaDesk
{
    /// <summary>Two accounts with places, and a few values of each list.</summary>
    public static IReadOnlyList<DeskValue> UsualValues { get; } =
    [
        new(DeskList.Location, "10", "Head office", true, true, "1"), new(DeskList.Location, "11", "Harbour", true, false, "1"), new(DeskList.Location, "20", "Main", true, true, "2"),
        new(DeskList.Queue, "5", "Alerts", true, false), new(DeskList.Queue, "6", "Second line", true, false),
        new(DeskList.Status, "1", "New", true, true), new(DeskList.Status, "9", "Closed", true, false),
        new(DeskList.TicketType, "3", "Incident", true, false), new(DeskList.Source, "5", "Monitoring", true, false), new(DeskList.IssueType, "7", "Backup", true, false),
        new(DeskList.Priority, "1", "Critical", true, false), new(DeskList.Priority, "4", "Low", true, false), new(DeskList.Queue, "8", "Old queue", false, false),
    ];

    public string Kind => "bms";

    public IReadOnlyList<DeskValue> ListValues { get; set; } = UsualValues;

    /// <summary>What the next read of the lists fails with.</summary>
    public VendorFailure? ListsFail { get; set; }

    public Task<VendorAnswer<IReadOnlyList<DeskValue>>> Values(VendorAccess access, CancellationToken cancellation) => Task.FromResult<VendorAnswer<IReadOnlyList<DeskValue>>>(
        ListsFail is { } failure ? new VendorAnswer<IReadOnlyList<DeskValue>>.Failed(failure) : new VendorAnswer<IReadOnlyList<DeskValue>>.Answered(ListValues));

    public Task<VendorAnswer<IReadOnlyList<ObservedTicket>>> Find(VendorAccess access, string mark, CancellationToken cancellation) => throw new InvalidOperationException("Nobody looks for tickets here.");

    public Task<SendOutcome> Open(VendorAccess access, NewTicket ticket, CancellationToken cancellation) => throw new InvalidOperationException("Nobody opens tickets here.");

    public Task<SendOutcome> AddNote(VendorAccess access, string ticketRemoteId, NewNote note, CancellationToken cancellation) => throw new InvalidOperationException("Nobody writes notes here.");

    public Task<VendorAnswer<IReadOnlyList<ObservedNote>>> Notes(VendorAccess access, string ticketRemoteId, CancellationToken cancellation) => throw new InvalidOperationException("Nobody reads notes here.");

    public Task<SendOutcome> SetStatus(VendorAccess access, string ticketRemoteId, string statusRemoteId, CancellationToken cancellation) => throw new InvalidOperationException("Nobody closes tickets here.");
}
