using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Queries;

/// <summary>One page of a list, as asked for.</summary>
/// <param name="Link">Url of another page of the same list, for a token.</param>
internal sealed record Page(EntityDescription Entity, Condition Filter, IReadOnlyList<FieldDescription>? Include, PageToken Token, Func<PageToken, string> Link)
{
    public Answer Answer(AutotaskState state, Fault? fault)
    {
        var rows = From(state, Token);
        var links = new JsonObject
        {
            ["count"] = rows.Count,
            ["requestCount"] = Token.PageSize,
            ["prevPageUrl"] = Token.Previous() is { } previous ? Link(previous) : null,
            ["nextPageUrl"] = NextLink(state, rows),
        };
        var shown = Disturbed(state, rows, links, fault);
        var items = new JsonArray([.. shown.Select(row => Row.Shown(state, Entity, row, Include))]);
        foreach (var item in items.OfType<JsonObject>())
            DisturbUnits(item, fault?.Kind);
        return Wire.Answer.Json(200, new JsonObject { ["items"] = items, ["pageDetails"] = links });
    }

    private List<JsonObject> From(AutotaskState state, PageToken token) =>
        [.. state.Of(Entity).Rows.Where(row => Row.Long(row, "id") > token.After && Filter.Holds(row)).Take(token.PageSize)];

    private string? NextLink(AutotaskState state, List<JsonObject> rows)
    {
        if (rows.Count < Token.PageSize)
            return null;
        var next = Token.Next(Row.Long(rows[^1], "id")!.Value);
        return From(state, next with { PageSize = 1 }).Count > 0 ? Link(next) : null;
    }

    private List<JsonObject> Disturbed(AutotaskState state, List<JsonObject> rows, JsonObject links, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.TruncatedPage:
                links["nextPageUrl"] = null; // count keeps promising the whole page
                return rows[..(rows.Count / 2)];
            case FaultKind.RepeatedPage when Token.Previous() is { } previous:
                return From(state, previous);
            case FaultKind.LoopingNext:
                links["nextPageUrl"] = Link(Token);
                return rows;
            case FaultKind.EmptyList:
                links["count"] = 0;
                links["nextPageUrl"] = null;
                return [];
            default:
                return rows;
        }
    }

    private static void DisturbUnits(JsonObject item, FaultKind? kind)
    {
        if (!item.ContainsKey("units"))
            return;
        if (kind == FaultKind.HalvedCounts)
            item["units"] = Row.Long(item, "units") / 2;
        else if (kind == FaultKind.ZeroCounts)
            item["units"] = 0;
        else if (kind == FaultKind.NullCounts)
            item["units"] = null;
    }
}
