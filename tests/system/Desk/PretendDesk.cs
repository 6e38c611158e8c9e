using System.Collections.Concurrent;
using System.Globalization;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Desk;

/// <summary>How a write at the pretended desk goes wrong.</summary>
public enum DeskFault
{
    /// <summary>It is applied, and the answer is lost.</summary>
    LostAfter,

    /// <summary>It is not applied, and nobody knows.</summary>
    LostBefore,

    /// <summary>It never leaves.</summary>
    NotSent,

    /// <summary>The PSA says no.</summary>
    Refused,

    /// <summary>The credentials are turned away.</summary>
    Unauthorized,
}

/// <summary>A service desk in memory, in the place of a connector. It takes whatever it is sent, as a PSA does: a ticket that is sent twice is there twice.</summary>
public sealed class PretendDesk : IPsaDesk
{
    private readonly Lock gate = new();
    private readonly List<DeskTicket> tickets = [];

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

    /// <summary>What the next looks fail with.</summary>
    public VendorFailure? LooksFail { get; set; }

    /// <summary>What happens to the next writes, one after the other; nothing to those after the last.</summary>
    public ConcurrentQueue<DeskFault> Faults { get; } = new();

    /// <summary>Every ticket as one line: account, queue, priority, status, title, and its notes.</summary>
    public string Shown
    {
        get
        {
            lock (gate) return string.Join("\n", tickets.Select(ticket => ticket.ToString()));
        }
    }

    public Task<VendorAnswer<IReadOnlyList<DeskValue>>> Values(VendorAccess access, CancellationToken cancellation) => Answer(ListsFail, () => ListValues);

    public Task<VendorAnswer<IReadOnlyList<ObservedTicket>>> Find(VendorAccess access, string mark, CancellationToken cancellation) =>
        Answer<IReadOnlyList<ObservedTicket>>(LooksFail, () => [.. tickets.Where(ticket => ticket.Opened.Mark == mark).Reverse().Select(ticket => ticket.ToObserved())]);

    public Task<SendOutcome> Open(VendorAccess access, NewTicket ticket, CancellationToken cancellation) => Write(() => tickets.Add(new(tickets.Count + 1, ticket)));

    public Task<SendOutcome> AddNote(VendorAccess access, string ticketRemoteId, NewNote note, CancellationToken cancellation) => Write(() => Of(ticketRemoteId).Notes.Add(note));

    public Task<VendorAnswer<IReadOnlyList<ObservedNote>>> Notes(VendorAccess access, string ticketRemoteId, CancellationToken cancellation) =>
        Answer<IReadOnlyList<ObservedNote>>(LooksFail, () => [.. Of(ticketRemoteId).Notes.Select((note, i) => new ObservedNote($"{i}", $"{note.Text}\n{note.Mark}"))]);

    public Task<SendOutcome> SetStatus(VendorAccess access, string ticketRemoteId, string statusRemoteId, CancellationToken cancellation) => Write(() => Of(ticketRemoteId).Status = statusRemoteId);

    private DeskTicket Of(string remoteId) => tickets.Single(ticket => ticket.RemoteId == remoteId);

    private Task<VendorAnswer<T>> Answer<T>(VendorFailure? failure, Func<T> value)
    {
        lock (gate) return Task.FromResult<VendorAnswer<T>>(failure is null ? new VendorAnswer<T>.Answered(value()) : new VendorAnswer<T>.Failed(failure));
    }

    private Task<SendOutcome> Write(Action apply)
    {
        lock (gate)
        {
            DeskFault? fault = Faults.TryDequeue(out var next) ? next : null;
            if (fault is null or DeskFault.LostAfter) apply();
            return Task.FromResult<SendOutcome>(fault switch
            {
                null => new SendOutcome.Applied(),
                DeskFault.LostAfter or DeskFault.LostBefore => new SendOutcome.InDoubt(new(VendorFailureKind.TimedOut, "timed_out", "No answer.")),
                DeskFault.NotSent => new SendOutcome.NotSent(new(VendorFailureKind.RateLimited, "rate_limited", "Too many calls.")),
                DeskFault.Unauthorized => new SendOutcome.NotSent(new(VendorFailureKind.Unauthorized, "unauthorized", "No.")),
                _ => new SendOutcome.Refused("rejected", "The queue is gone."),
            });
        }
    }

    private sealed class DeskTicket(int number, NewTicket opened)
    {
        public NewTicket Opened { get; } = opened;

        public string RemoteId { get; } = number.ToString(CultureInfo.InvariantCulture);

        public string Status { get; set; } = opened.Status ?? "1";

        public List<NewNote> Notes { get; } = [];

        public ObservedTicket ToObserved() =>
            new(RemoteId, $"T{number:0000}", Opened.AccountRemoteId, Opened.Title, Status, Opened.OpenedAt, new Uri($"https://bms.test/tickets/{number}"));

        public override string ToString() =>
            $"{Opened.AccountRemoteId} {Opened.Location ?? "-"} {Opened.Queue ?? "-"} {Opened.Priority ?? "-"} {Status} {Opened.Title}{string.Concat(Notes.Select(note => $" | {note.Text.Split('\n')[0]}"))}";
    }
}
