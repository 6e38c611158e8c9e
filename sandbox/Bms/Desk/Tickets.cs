using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Desk;

/// <summary>Tickets as they are read, in the order of their ids.</summary>
internal static class Tickets
{
    public static Answer List(ListAsked asked, BmsState state, BmsTenant tenant) => asked.Answer(Found(asked.Criteria, state, tenant), row => row);

    public static Answer Count(ListAsked asked, BmsState state, BmsTenant tenant)
    {
        var count = Found(asked.Criteria, state, tenant).Count();
        return asked.Criteria.Errors.Count > 0 ? BmsAnswers.Invalid(asked.Criteria.Errors.Distinct()) : BmsAnswers.Result(new JsonObject { ["count"] = count });
    }

    /// <summary>Here alone ids of statuses and priorities are texts.</summary>
    public static Answer Summary(ListAsked asked, BmsState state, BmsTenant tenant)
    {
        var account = asked.Criteria.AnyOf("AccountId");
        var contact = asked.Criteria.AnyOf("ContactId");
        var excluded = asked.Criteria.AnyOf("ExcludedIds");
        var withExclusion = !excluded(null);
        var shape = new TicketShape(state, tenant);
        var found = state.Tickets.Rows.Where(row => account(Cell.Int(row["accountId"])) && contact(Cell.Int(row["contactId"])) && !(withExclusion && excluded(Cell.Int(row["id"]))));
        return asked.Answer(found.Select(shape.InList), row =>
        {
            var shown = Cell.Shown(row, ["id", "title", "ticketNumber", "statusName", "statusId", "statusColor", "priorityId", "priorityName", "priorityColor"]);
            shown["statusId"] = row["statusId"]?.ToJsonString();
            shown["priorityId"] = row["priorityId"]?.ToJsonString();
            return shown;
        });
    }

    public static Answer One(int id, BmsState state, BmsTenant tenant) =>
        state.Tickets.Find(id) is { } ticket ? BmsAnswers.Result(new TicketShape(state, tenant).Whole(ticket)) : BmsAnswers.Missing("Ticket", $"{id}");

    private static IEnumerable<JsonObject> Found(Criteria criteria, BmsState state, BmsTenant tenant)
    {
        var suits = TicketFilter.Of(criteria);
        return state.Tickets.Rows.Select(new TicketShape(state, tenant).InList).Where(suits);
    }
}
