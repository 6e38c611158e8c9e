using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Desk;

/// <summary>The lists that the fields of a ticket choose from.</summary>
internal static class Choices
{
    /// <summary>The only tables of <c>lookup/{tableName}</c> here. The vendor documents no names, so these two are ours.</summary>
    private static readonly string[] Tables = [BmsLists.TicketTypes, BmsLists.TicketSources];

    public static Answer Named(ListAsked asked, string list, BmsState state) => Rows(asked, list, state.Lists.Of(list));

    public static Answer IssueTypes(ListAsked asked, BmsState state)
    {
        var name = asked.Criteria.Contains("Name");
        return Rows(asked, BmsLists.IssueTypes, state.Lists.Of(BmsLists.IssueTypes).Where(row => name(Cell.Text(row["name"]))));
    }

    public static Answer IssueSubTypes(ListAsked asked, int issueTypeId, BmsState state) => state.Lists.Find(BmsLists.IssueTypes, issueTypeId) is null
        ? BmsAnswers.Missing("Issue type", $"{issueTypeId}")
        : Rows(asked, BmsLists.IssueSubTypes, state.Lists.Of(BmsLists.IssueSubTypes).Where(row => Cell.Int(row["issueTypeId"]) == issueTypeId));

    public static Answer Table(ListAsked asked, string table, BmsState state) =>
        Tables.FirstOrDefault(known => string.Equals(known, table, StringComparison.OrdinalIgnoreCase)) is { } list
            ? Rows(asked, list, state.Lists.Of(list))
            : BmsAnswers.Missing("Lookup table", table);

    private static Answer Rows(ListAsked asked, string list, IEnumerable<JsonObject> rows) => asked.Answer(rows, row => Cell.Shown(row, BmsLists.Properties[list]));
}
