using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Asking;

/// <summary>A list as it is asked for, and as a fault shows it.</summary>
internal sealed record ListAsked(BmsReply Reply, int Number, int Size, Criteria Criteria, FaultKind? Kind)
{
    public const int SizeMax = 100;

    public static ListAsked Of(Ask ask, BmsRoute route, FaultKind? kind)
    {
        var (number, size) = route.Reply == BmsReply.Whole ? (1, int.MaxValue) : (NumberOf(ask, route), SizeOf(ask, route));
        return new ListAsked(route.Reply, number, size, Criteria.Of(ask, route), kind);
    }

    /// <summary>Pages count from 1; one client asks for 0 and gets the first.</summary>
    public static int NumberOf(Ask ask, BmsRoute route) => Math.Max(1, Whole(ask, route, "PageNumber") ?? 1);

    /// <summary>The rows found, one page of them, each in the shape its list has.</summary>
    public Answer Answer(IEnumerable<JsonObject> found, Func<JsonObject, JsonObject> shape)
    {
        if (Criteria.Errors.Count > 0)
            return BmsAnswers.Invalid(Criteria.Errors.Distinct());
        List<JsonObject> all = [.. found];
        var rows = Shown(all).Select(row => (JsonNode?)shape(row));
        return BmsAnswers.Rows(new JsonArray([.. rows]), Reply == BmsReply.CountedPages ? Total(all.Count) : null);
    }

    private IReadOnlyList<JsonObject> Shown(IReadOnlyList<JsonObject> all) => Kind switch
    {
        FaultKind.EmptyList => [],
        FaultKind.RepeatedPage when Number > 1 => Slice(all, Number - 1),
        FaultKind.LoopingNext => Slice(all, Math.Min(Number, Math.Max(1, all.Count / Size))),
        FaultKind.TruncatedPage => [.. Slice(all, Number).Take(Slice(all, Number).Count / 2)],
        _ => Slice(all, Number),
    };

    /// <summary>A loop has one page more than was read, whichever that was.</summary>
    private int Total(int count) => Kind switch
    {
        FaultKind.EmptyList => 0,
        FaultKind.LoopingNext => (int)Math.Min(int.MaxValue, (Number + 1L) * Size),
        _ => count,
    };

    private IReadOnlyList<JsonObject> Slice(IReadOnlyList<JsonObject> all, int number)
    {
        var skip = (number - 1L) * Size;
        return skip >= all.Count ? [] : [.. all.Skip((int)skip).Take(Size)];
    }

    private static int SizeOf(Ask ask, BmsRoute route) => Whole(ask, route, "PageSize") is { } size and > 0 ? Math.Min(size, SizeMax) : SizeMax;

    private static int? Whole(Ask ask, BmsRoute route, string name)
    {
        if (route.Criteria == CriteriaPlace.Body)
            return WireJson.ObjectFrom(ask.Body) is { } body ? Cell.Int(WireJson.Member(body, name)) : null;
        return int.TryParse(ask.Query[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
