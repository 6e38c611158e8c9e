using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Desk;

/// <summary>Notes of a ticket. The date a client gives one is asked for and never shown.</summary>
internal static class Notes
{
    public static Answer Of(ListAsked asked, int ticketId, BmsState state, BmsTenant tenant) => state.Tickets.Find(ticketId) is null
        ? BmsAnswers.Missing("Ticket", $"{ticketId}")
        : asked.Answer(state.Notes.Rows.Where(row => Cell.Int(row["ticketId"]) == ticketId), row => Shown(row, state, tenant));

    public static JsonObject Shown(JsonObject row, BmsState state, BmsTenant tenant)
    {
        var author = tenant.User(Cell.Int(row["createdBy"]));
        var shown = Cell.Shown(row, ["id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "details", "isInternal", "typeId"]);
        shown["typeName"] = state.Lists.Name(BmsLists.NoteTypes, Cell.Int(row["typeId"]));
        shown["createdByName"] = author?.FullName;
        shown["createdByEmail"] = author?.UserName;
        shown["modifiedByName"] = null;
        shown["attachments"] = new JsonArray();
        return shown;
    }
}
