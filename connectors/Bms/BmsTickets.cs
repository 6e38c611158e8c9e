using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>Tickets and notes, from and to Kaseya's words.</summary>
internal static class BmsTickets
{
    public static string Bracketed(string mark) => $"[{mark}]";

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A ticket to be opened, or why none can be: five of its fields come from settings, and Kaseya opens no ticket without them.</summary>
    public static (JsonObject? Body, SendOutcome.Refused? Refusal) ToJson(NewTicket ticket)
    {
        (string Field, string What, string? Value)[] demanded =
        [
            ("LocationId", "location", ticket.Location), ("StatusId", "status", ticket.Status), ("PriorityId", "priority", ticket.Priority),
            ("TypeId", "ticket type", ticket.TicketType), ("SourceId", "source", ticket.Source),
        ];
        var missing = demanded.Where(field => field.Value is null).Select(field => field.What).ToList();
        if (missing.Count > 0) return (null, new("ticket_setting_missing", $"Kaseya opens no ticket without {string.Join(", ", missing)}: the settings name none."));
        (string Field, string What, string? Value)[] chosen = [("AccountId", "account", ticket.AccountRemoteId), .. demanded, ("QueueId", "queue", ticket.Queue), ("IssueTypeId", "issue type", ticket.IssueType)];
        var body = new JsonObject
        {
            ["Title"] = $"{ticket.Title} {Bracketed(ticket.Mark)}",
            // demanded by the vendor, and an alert need not have any
            ["Details"] = string.IsNullOrWhiteSpace(ticket.Details) ? ticket.Title : ticket.Details,
            ["OpenDate"] = Text(ticket.OpenedAt),
            ["DueDate"] = Text(ticket.DueAt),
        };
        foreach (var (field, what, value) in chosen)
        {
            if (value is null) continue;
            if (IdOf(field, value) is not { } id) return (null, new("remote_id_invalid", $"The {what} has no id of Kaseya's."));
            body[field] = id;
        }

        return (body, null);
    }

    /// <summary>A ticket, or null in its place when it does not carry the mark.</summary>
    public static VendorAnswer<ObservedTicket?> FromJson(BmsRow row, string mark)
    {
        if (row.Text("title") is not { } title || !title.Contains(Bracketed(mark), StringComparison.Ordinal)) return Answers.Of<ObservedTicket?>(null);
        return row.Id("id") is { } id && row.Id("accountId") is { } account && row.Id("statusId") is { } status && row.Instant("openDate") is { } opened
            ? Answers.Of<ObservedTicket?>(new(id, row.Text("ticketNumber"), account, title, status, opened, Link: null))
            : BmsRows.Unreadable<ObservedTicket?>("ticket", row);
    }

    public static VendorAnswer<ObservedNote> NoteFromJson(BmsRow row)
        => row.Id("id") is { } id ? Answers.Of(new ObservedNote(id, row.Text("details") ?? "")) : BmsRows.Unreadable<ObservedNote>("note", row);

    // The only list that may begin at 0
    private static int? IdOf(string field, string value) => field == "SourceId" && value == "0" ? 0 : BmsIds.Of(value);
}
