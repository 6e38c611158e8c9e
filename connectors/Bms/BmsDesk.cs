using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>The service desk of Kaseya BMS or Vorex. It has no field for marks: a ticket's mark stands in brackets at the end of its title, a note's at the end of its text.</summary>
internal sealed class BmsDesk(string kind, BmsCalls calls, BmsLists lists, ConnectorOptions options) : IPsaDesk
{
    private const string Tickets = "servicedesk/tickets";
    private const string TicketEndpoint = "servicedesk/tickets/id";
    private const string NotesEndpoint = "servicedesk/tickets/notes";
    private const int TicketsFoundMax = 50;
    private const int TicketsSearchedMax = 1_000;
    private const int NotesFoundMax = 500;
    private const int NotesReadMax = 5_000;
    private readonly BmsDeskLists _deskLists = new(lists, options);

    public string Kind => kind;

    public Task<VendorAnswer<IReadOnlyList<DeskValue>>> Values(VendorAccess access, CancellationToken cancellation) => _deskLists.All(access, cancellation);

    /// <remarks>The mark alone is searched for: to a database, brackets may be a pattern. How the vendor compares is not documented, so what comes back is compared again.</remarks>
    public Task<VendorAnswer<IReadOnlyList<ObservedTicket>>> Find(VendorAccess access, string mark, CancellationToken cancellation)
    {
        var search = BmsList.Of(Tickets + "/search") with { RowsMax = TicketsSearchedMax, Filter = new JsonObject { ["Title"] = mark, ["ExcludeCompleted"] = 0 } };
        return lists.All(access, search, row => BmsTickets.FromJson(row, mark), cancellation).Then(found => Answers.Of<IReadOnlyList<ObservedTicket>>(
            [.. found.OfType<ObservedTicket>().OrderByDescending(ticket => ticket.OpenedAt).ThenByDescending(ticket => BmsIds.Of(ticket.RemoteId)).Take(TicketsFoundMax)]));
    }

    public async Task<SendOutcome> Open(VendorAccess access, NewTicket ticket, CancellationToken cancellation)
    {
        var (body, refusal) = BmsTickets.ToJson(ticket);
        return refusal ?? await calls.Send(access, Tickets, (HttpMethod.Post, Tickets, body!, BmsCalls.Json), HasId, cancellation);
    }

    public async Task<SendOutcome> AddNote(VendorAccess access, string ticketRemoteId, NewNote note, CancellationToken cancellation)
    {
        if (BmsIds.Of(ticketRemoteId) is not { } ticket) return NoId();
        var body = new JsonObject
        {
            ["Details"] = $"{note.Title}\n\n{note.Text}\n\n{BmsTickets.Bracketed(note.Mark)}",
            ["IsInternal"] = true,
            ["TypeId"] = options.BmsNoteType,
            ["NoteDate"] = BmsTickets.Text(note.At),
        };
        return await calls.Send(access, NotesEndpoint, (HttpMethod.Post, NotesOf(ticket), body, BmsCalls.Json), HasId, cancellation);
    }

    public async Task<VendorAnswer<IReadOnlyList<ObservedNote>>> Notes(VendorAccess access, string ticketRemoteId, CancellationToken cancellation)
    {
        if (BmsIds.Of(ticketRemoteId) is not { } ticket)
            return Answers.Failed<IReadOnlyList<ObservedNote>>(new(VendorFailureKind.Rejected, "remote_id_invalid", "The ticket has no id of Kaseya's."));
        return await lists.All(access, new BmsList(NotesEndpoint, NotesOf(ticket)) { RowsMax = NotesReadMax }, BmsTickets.NoteFromJson, cancellation)
            .Then(notes => Answers.Of<IReadOnlyList<ObservedNote>>([.. notes.OrderByDescending(note => BmsIds.Of(note.RemoteId)).Take(NotesFoundMax)]));
    }

    public async Task<SendOutcome> SetStatus(VendorAccess access, string ticketRemoteId, string statusRemoteId, CancellationToken cancellation)
    {
        if (BmsIds.Of(ticketRemoteId) is not { } ticket || BmsIds.Of(statusRemoteId) is not { } status) return NoId();
        var patch = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/StatusId", ["value"] = status });
        var path = string.Create(CultureInfo.InvariantCulture, $"{Tickets}/{ticket}");
        return await calls.Send(access, TicketEndpoint, (HttpMethod.Patch, path, patch, BmsCalls.JsonPatch), _ => true, cancellation);
    }

    private static bool HasId(BmsEnvelope envelope) => envelope.Result?.Id("id") is not null;

    private static string NotesOf(int ticket) => string.Create(CultureInfo.InvariantCulture, $"{Tickets}/{ticket}/notes");

    private static SendOutcome.Refused NoId() => new("remote_id_invalid", "The ticket or the status has no id of Kaseya's.");
}
