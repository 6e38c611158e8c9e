using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>A ticket and the mark it carries.</summary>
internal sealed record MarkedTicket(ObservedTicket Ticket, string? Mark);

/// <summary>Tickets, notes and lists between our words and Autotask's.</summary>
internal static class AutotaskTickets
{
    private const string Status = "status";
    private const string Priority = "priority";
    private const string Queue = "queueID";

    private static readonly (string Field, DeskList List)[] s_lists =
    [
        (Queue, DeskList.Queue), (Status, DeskList.Status), ("ticketType", DeskList.TicketType),
        ("source", DeskList.Source), (Priority, DeskList.Priority), ("issueType", DeskList.IssueType),
    ];

    // What no ticket may lack (a resource would do in place of a queue, but nobody here assigns one), and the label, or the number that is the same
    // with every tenant, of the obvious choice
    private static readonly (string Field, string[] Labels, long? Number, string Code)[] s_needed =
        [(Status, ["New"], 1, "status_needed"), (Priority, ["Medium"], null, "priority_needed"), (Queue, [], null, "queue_needed")];

    private static readonly string[] s_noteTypes = ["Task Notes", "Task Detail", "Task Summary"];

    // "All Autotask Users" is what customers read in their portal
    private static readonly string[] s_internal = ["Internal Project Team", "Internal Users Only"];

    /// <summary>The values of the lists a ticket's fields choose from.</summary>
    public static VendorAnswer<IReadOnlyList<DeskValue>> Values(IReadOnlyList<PicklistValue> fields)
    {
        List<DeskValue> values = [.. s_lists.SelectMany(list =>
            Of(fields, list.Field).Select(value => new DeskValue(list.List, value.Value, value.Label, value.Active, value.Preset)))];
        return values.Exists(value => value.List == DeskList.Status) && values.Exists(value => value.List == DeskList.Priority)
            ? Answers.Of<IReadOnlyList<DeskValue>>(values)
            : Answers.Malformed<IReadOnlyList<DeskValue>>("lists_missing", "Autotask does not say which statuses and priorities a ticket may have.");
    }

    public static VendorAnswer<DeskValue> LocationFromJson(JsonElement row)
        => row.Whole("id") is { } id && row.Whole("companyID") is { } company
            ? Answers.Of(new DeskValue(DeskList.Location, AutotaskRows.Text(id), row.Text("name") ?? AutotaskRows.Text(id), row.Flag("isActive") ?? true, Preset: false, AutotaskRows.Text(company)))
            : Unreadable<DeskValue>("location");

    public static VendorAnswer<MarkedTicket> TicketFromJson(JsonElement row, Uri? web)
    {
        if (row.Whole("id") is not { } id || row.Whole("companyID") is not { } company || row.Text(Status) is not { } status || Instant(row, "createDate") is not { } opened)
            return Unreadable<MarkedTicket>("ticket");
        var ticket = new ObservedTicket(
            AutotaskRows.Text(id), row.Text("ticketNumber"), AutotaskRows.Text(company), row.Text("title") ?? "", status, opened, web is null ? null : Link(web, id));
        return Answers.Of(new MarkedTicket(ticket, row.Text("externalID")));
    }

    public static VendorAnswer<ObservedNote> NoteFromJson(JsonElement row)
        => row.Whole("id") is { } id ? Answers.Of(new ObservedNote(AutotaskRows.Text(id), row.Text("description") ?? "")) : Unreadable<ObservedNote>("note");

    /// <summary>What is sent for a ticket; null when an id in it is not one of Autotask's. Fields that nobody set are left out: sent as null they are refused.</summary>
    public static JsonObject? ToJson(NewTicket ticket)
    {
        if (AutotaskAdjustment.Id(ticket.AccountRemoteId) is not { } account) return null;
        var body = new JsonObject
        {
            ["companyID"] = account,
            ["title"] = ticket.Title,
            ["description"] = ticket.Details,
            ["dueDateTime"] = ticket.DueAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["externalID"] = ticket.Mark,
        };
        (string Field, string? RemoteId)[] chosen =
        [
            (Status, ticket.Status), (Priority, ticket.Priority), (Queue, ticket.Queue), ("ticketType", ticket.TicketType),
            ("source", ticket.Source), ("issueType", ticket.IssueType), ("companyLocationID", ticket.Location),
        ];
        foreach (var (field, remoteId) in chosen)
        {
            if (remoteId is null) continue;
            if (ListId(remoteId) is not { } id) return null;
            body[field] = id;
        }

        return body;
    }

    /// <summary>What is sent for a note, seen by the msp's own people only; null when this tenant offers no such kind.</summary>
    public static JsonObject? ToJson(NewNote note, IReadOnlyList<PicklistValue> values)
    {
        var type = Labelled(values, "noteType", s_noteTypes) ?? Preset(values, "noteType");
        if (type is null || Labelled(values, "publish", s_internal) is not { } publish) return null;
        return new JsonObject
        {
            ["title"] = note.Title,
            ["description"] = $"{note.Text.TrimEnd()}\n\n{note.Mark}",
            ["noteType"] = type,
            ["publish"] = publish,
        };
    }

    /// <summary>The fields Autotask demands that are not in it.</summary>
    public static IReadOnlyList<string> Missing(JsonObject ticket) => [.. s_needed.Where(needed => !ticket.ContainsKey(needed.Field)).Select(needed => needed.Field)];

    /// <summary>Fills in what Autotask demands and nobody set: the tenant's own choice, else the obvious one. A refusal when there is neither.</summary>
    public static SendOutcome.Refused? Complete(JsonObject ticket, IReadOnlyList<PicklistValue> values)
    {
        foreach (var (field, labels, number, code) in s_needed)
        {
            if (ticket.ContainsKey(field)) continue;
            if ((Preset(values, field) ?? Labelled(values, field, labels) ?? Numbered(values, field, number)) is not { } chosen)
                return new SendOutcome.Refused(code, $"Autotask demands the {field} of a ticket, and neither the settings nor the PSA name one.");
            ticket[field] = chosen;
        }

        return null;
    }

    /// <summary>A value of a list as rows hold it; some are negative.</summary>
    public static long? ListId(string remoteId) => long.TryParse(remoteId, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static IEnumerable<PicklistValue> Of(IReadOnlyList<PicklistValue> values, string field)
        => values.Where(value => string.Equals(value.Field, field, StringComparison.OrdinalIgnoreCase));

    private static long? Preset(IReadOnlyList<PicklistValue> values, string field)
        => Of(values, field).FirstOrDefault(value => value.Active && value.Preset) is { } preset ? ListId(preset.Value) : null;

    private static long? Labelled(IReadOnlyList<PicklistValue> values, string field, string[] labels) => labels
        .SelectMany(label => Of(values, field).Where(value => value.Active && string.Equals(value.Label.Trim(), label, StringComparison.OrdinalIgnoreCase)))
        .Select(value => ListId(value.Value)).FirstOrDefault();

    private static long? Numbered(IReadOnlyList<PicklistValue> values, string field, long? number)
        => Of(values, field).Any(value => value.Active && ListId(value.Value) == number) ? number : null;

    /// <summary>The vendor's own way to a ticket from outside; it signs the person in first.</summary>
    private static Uri Link(Uri web, long id) => new(web, "Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=" + AutotaskRows.Text(id));

    private static DateTimeOffset? Instant(JsonElement row, string name)
        => DateTimeOffset.TryParse(row.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    private static VendorAnswer<T> Unreadable<T>(string what) => Answers.Malformed<T>("row_unreadable", $"A {what} lacks a field that it must have.");
}
