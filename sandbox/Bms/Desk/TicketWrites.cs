using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Desk;

/// <summary>Tickets opened and patched, and their notes.</summary>
internal sealed class TicketWrites(BmsTenant tenant, BmsState state, BmsJournal kept)
{
    private const string Entity = "tickets";

    public Answer Create(Ask ask, BmsUser user)
    {
        if (WireJson.ObjectFrom(ask.Body) is not { } body)
            return BmsAnswers.Invalid(["The body is not a JSON object."]);
        var fields = new BodyFields(body, []);
        var ticket = new JsonObject { ["createdBy"] = user.Id, ["createdOn"] = Cell.Wire(kept.Now), ["lastActivityUpdate"] = Cell.Wire(kept.Now) };
        foreach (var field in TicketField.All)
            ticket[field.Property] = field.Read(fields, field.Name, field.Required);
        if (ticket["contractId"] is null && fields.Flag("UseDefaultContract", required: false) == true)
            ticket["contractId"] = DefaultContract(ticket);
        TicketField.Check(state, ticket, fields.Errors);
        if (fields.Errors.Count > 0)
            return BmsAnswers.Invalid(fields.Errors);
        var id = state.Tickets.Insert(ticket);
        ticket["ticketNumber"] = $"TKT-{id:000000}";
        MarkCompletion(ticket, wasDone: false);
        kept.Keep(ask, Entity, id, body);
        return Shown(ticket);
    }

    /// <summary>A list of operations, all applied or none. Paths come with and without a slash, in any casing.</summary>
    public Answer Patch(Ask ask, int id, BmsUser user)
    {
        if (state.Tickets.Find(id) is not { } ticket)
            return BmsAnswers.Missing("Ticket", $"{id}");
        if (WireJson.ArrayFrom(ask.Body) is not { } operations)
            return BmsAnswers.Invalid(["The body is not a JSON array of operations."]);
        List<string> errors = [];
        var patched = (JsonObject)ticket.DeepClone();
        foreach (var operation in operations)
            Apply(operation as JsonObject ?? [], patched, errors);
        TicketField.Check(state, patched, errors);
        if (errors.Count > 0)
            return BmsAnswers.Invalid(errors);
        Replace(ticket, patched, user);
        kept.Keep(ask, Entity, id, operations);
        return Shown(ticket);
    }

    public Answer AddNote(Ask ask, int id, BmsUser user)
    {
        if (state.Tickets.Find(id) is not { } ticket)
            return BmsAnswers.Missing("Ticket", $"{id}");
        if (WireJson.ObjectFrom(ask.Body) is not { } body)
            return BmsAnswers.Invalid(["The body is not a JSON object."]);
        var fields = new BodyFields(body, []);
        var note = new JsonObject
        {
            ["ticketId"] = id,
            ["details"] = fields.Text("Details", required: true),
            ["isInternal"] = fields.Flag("IsInternal", required: true),
            ["typeId"] = fields.Int("TypeId", required: true, least: 0),
            ["noteDate"] = fields.Instant("NoteDate", required: true) is { } date ? Cell.Wire(date) : null,
            ["createdBy"] = user.Id,
            ["createdOn"] = Cell.Wire(kept.Now),
        };
        var patched = (JsonObject)ticket.DeepClone();
        if (fields.Int("StatusId", required: false) is { } status)
            patched["statusId"] = status;
        TicketField.Check(state, patched, fields.Errors);
        if (fields.Errors.Count > 0)
            return BmsAnswers.Invalid(fields.Errors);
        var noteId = state.Notes.Insert(note);
        Replace(ticket, patched, user);
        kept.Keep(ask, "notes", noteId, body);
        return BmsAnswers.Result(Notes.Shown(note, state, tenant));
    }

    private static void Apply(JsonObject operation, JsonObject patched, List<string> errors)
    {
        var verb = Cell.Text(WireJson.Member(operation, "op")) ?? "";
        var path = Cell.Text(WireJson.Member(operation, "path")) ?? "";
        if (verb.ToUpperInvariant() is not ("REPLACE" or "ADD"))
        {
            errors.Add($"The operation '{verb}' is not supported.");
            return;
        }

        if (TicketField.Find(path.Trim('/')) is not { } field)
        {
            errors.Add($"The target location specified by path segment '{path.Trim('/')}' was not found.");
            return;
        }

        var value = new JsonObject { [field.Name] = WireJson.Member(operation, "value")?.DeepClone() };
        patched[field.Property] = field.Read(new BodyFields(value, errors), field.Name, field.Required);
    }

    private void Replace(JsonObject ticket, JsonObject patched, BmsUser user)
    {
        var now = Cell.Wire(kept.Now);
        var wasDone = IsDone(ticket);
        foreach (var (property, mark) in new[] { ("statusId", "lastStatusUpdate"), ("priorityId", "lastPriorityUpdate"), ("queueId", "lastQueueUpdate") })
        {
            if (Cell.Int(ticket[property]) != Cell.Int(patched[property]))
                patched[mark] = now;
        }

        foreach (var (name, value) in patched)
            ticket[name] = value?.DeepClone();
        ticket["modifiedBy"] = user.Id;
        ticket["modifiedOn"] = now;
        ticket["lastActivityUpdate"] = now;
        MarkCompletion(ticket, wasDone);
    }

    private void MarkCompletion(JsonObject ticket, bool wasDone)
    {
        var isDone = IsDone(ticket);
        if (isDone == wasDone)
            return;
        ticket["completedDate"] = isDone ? Cell.Wire(kept.Now) : null;
        if (wasDone)
            ticket["reOpenedDate"] = Cell.Wire(kept.Now);
    }

    private bool IsDone(JsonObject ticket) => Cell.Int(state.Lists.Find(BmsLists.Statuses, Cell.Int(ticket["statusId"]))?["typeId"]) == BmsLists.CompletedType;

    private JsonNode? DefaultContract(JsonObject ticket) => state.Contracts.Rows
        .FirstOrDefault(contract => Cell.Int(contract["accountId"]) == Cell.Int(ticket["accountId"]) && Cell.Flag(contract["isDefaultContract"]) == true)?["id"]?.DeepClone();

    private Answer Shown(JsonObject ticket) => BmsAnswers.Result(new TicketShape(state, tenant).Whole(ticket));
}
