using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>Tickets of Autotask PSA. A ticket's mark is its <c>externalID</c>, a note's mark the last line of its text.</summary>
/// <remarks>Searches are counted by the vendor as well: a ticket or note that is missing from a list would be written a second time.</remarks>
internal sealed class AutotaskDesk(AutotaskCalls calls, TimeProvider time) : IPsaDesk
{
    private const string Tickets = "Tickets";
    private const string TicketNotes = "TicketNotes";
    private const int ValuesMax = 20_000;
    private const int TicketsMax = 50;
    private const int NotesMax = 500;

    private readonly AutotaskLists _lists = new(calls);
    private readonly AutotaskPicklists _picklists = new(calls, time);

    public string Kind => AutotaskConnector.KindName;

    public Task<VendorAnswer<IReadOnlyList<DeskValue>>> Values(VendorAccess access, CancellationToken cancellation)
    {
        var locations = AutotaskQuery.Of("CompanyLocations", ["id", "companyID", "name", "isActive"], AutotaskQuery.AtLeast("id", 0));
        return _picklists.Read(access, Tickets, cancellation).Then(fields =>
            _lists.Counted(access, locations, AutotaskTickets.LocationFromJson, cancellation).Then(places => Joined(AutotaskTickets.Values(fields), places)));
    }

    public Task<VendorAnswer<IReadOnlyList<ObservedTicket>>> Find(VendorAccess access, string mark, CancellationToken cancellation)
    {
        string[] fields = ["id", "companyID", "createDate", "externalID", "status", "ticketNumber", "title"];
        var marked = AutotaskQuery.Of(Tickets, fields, AutotaskQuery.Is("externalID", mark));
        return calls.Zone(access, cancellation).Then(zone =>
            _lists.Counted(access, marked, row => AutotaskTickets.TicketFromJson(row, zone.Web), cancellation).Then(found => Answers.Of(Newest(found, mark))));
    }

    public async Task<SendOutcome> Open(VendorAccess access, NewTicket ticket, CancellationToken cancellation)
    {
        if (AutotaskTickets.ToJson(ticket) is not { } body) return NotAnId();
        if (AutotaskTickets.Missing(body).Count == 0) return await Sent(access, HttpMethod.Post, Tickets, Tickets, body, cancellation);
        return await Chosen(access, Tickets, cancellation) switch
        {
            VendorAnswer<IReadOnlyList<PicklistValue>>.Failed failed => new SendOutcome.NotSent(failed.Failure),
            VendorAnswer<IReadOnlyList<PicklistValue>>.Answered values => AutotaskTickets.Complete(body, values.Value) is { } refusal
                ? refusal
                : await Sent(access, HttpMethod.Post, Tickets, Tickets, body, cancellation),
            _ => throw new InvalidOperationException("An answer is answered or failed."),
        };
    }

    public async Task<SendOutcome> AddNote(VendorAccess access, string ticketRemoteId, NewNote note, CancellationToken cancellation)
    {
        if (AutotaskAdjustment.Id(ticketRemoteId) is not { } ticket) return NotAnId();
        return await Chosen(access, TicketNotes, cancellation) switch
        {
            VendorAnswer<IReadOnlyList<PicklistValue>>.Failed failed => new SendOutcome.NotSent(failed.Failure),
            VendorAnswer<IReadOnlyList<PicklistValue>>.Answered values => AutotaskTickets.ToJson(note, values.Value) is { } body
                ? await Sent(access, HttpMethod.Post, TicketNotes, $"{Tickets}/{AutotaskRows.Text(ticket)}/Notes", body, cancellation)
                : new SendOutcome.Refused("note_kind_unknown", "Autotask offers no kind of note, or no way to publish one to its own people only, that we know."),
            _ => throw new InvalidOperationException("An answer is answered or failed."),
        };
    }

    public Task<VendorAnswer<IReadOnlyList<ObservedNote>>> Notes(VendorAccess access, string ticketRemoteId, CancellationToken cancellation)
    {
        if (AutotaskAdjustment.Id(ticketRemoteId) is not { } ticket)
            return Task.FromResult(Answers.Failed<IReadOnlyList<ObservedNote>>(new(VendorFailureKind.Rejected, "remote_id_invalid", "An id is not one of Autotask's.")));
        var ofTicket = AutotaskQuery.Of(TicketNotes, ["id", "description"], AutotaskQuery.Is("ticketID", ticket));
        // Rows come ordered by id, and ids only grow
        return _lists.Counted(access, ofTicket, AutotaskTickets.NoteFromJson, cancellation)
            .Then(notes => Answers.Of<IReadOnlyList<ObservedNote>>([.. notes.Reverse().Take(NotesMax)]));
    }

    public async Task<SendOutcome> SetStatus(VendorAccess access, string ticketRemoteId, string statusRemoteId, CancellationToken cancellation)
    {
        if (AutotaskAdjustment.Id(ticketRemoteId) is not { } ticket || AutotaskTickets.ListId(statusRemoteId) is not { } status) return NotAnId();
        return await Sent(access, HttpMethod.Patch, Tickets, Tickets, new JsonObject { ["id"] = ticket, ["status"] = status }, cancellation);
    }

    private async Task<SendOutcome> Sent(VendorAccess access, HttpMethod method, string entity, string path, JsonObject body, CancellationToken cancellation)
        => AutotaskAnswers.Outcome(await calls.Write(access, method, entity, path, body, cancellation), access);

    /// <summary>The lists that a write chooses from. Whoever writes is answered, also when the wait is broken off here.</summary>
    private async Task<VendorAnswer<IReadOnlyList<PicklistValue>>> Chosen(VendorAccess access, string entity, CancellationToken cancellation)
    {
        try
        {
            return await _picklists.Of(access, entity, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Answers.Failed<IReadOnlyList<PicklistValue>>(AutotaskCalls.CancelledBeforeSend);
        }
    }

    private static VendorAnswer<IReadOnlyList<DeskValue>> Joined(VendorAnswer<IReadOnlyList<DeskValue>> lists, IReadOnlyList<DeskValue> places) => lists.Then(values =>
        values.Count + places.Count <= ValuesMax
            ? Answers.Of<IReadOnlyList<DeskValue>>([.. values, .. places])
            : Answers.Malformed<IReadOnlyList<DeskValue>>("too_many_records", $"Tickets have more than {ValuesMax} values to choose from."));

    // Autotask compares texts without regard to case; a mark is compared exactly
    private static IReadOnlyList<ObservedTicket> Newest(IReadOnlyList<MarkedTicket> found, string mark) =>
    [
        .. found.Where(ticket => string.Equals(ticket.Mark, mark, StringComparison.Ordinal)).Select(ticket => ticket.Ticket)
            .Reverse().OrderByDescending(ticket => ticket.OpenedAt).Take(TicketsMax),
    ];

    private static SendOutcome.Refused NotAnId() => new("remote_id_invalid", "An id is not one of Autotask's.");
}
