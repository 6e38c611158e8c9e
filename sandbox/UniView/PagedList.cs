using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.UniView;

/// <summary>One page of a list: the rows are the body, what is known about the list is in Paging-* headers.</summary>
internal sealed record PagedList(int Number, int Size)
{
    private const int SizeDefault = 50;

    /// <summary>The page asked for, or the refusal.</summary>
    public static (PagedList? Page, Answer? Refusal) Read(Ask ask)
    {
        if (Positive(ask, "page_number", 1) is not { } number)
            return (null, UniViewAnswers.Invalid("page_number", "The value must be a whole number from 1."));
        if (Positive(ask, "page_size", SizeDefault) is not { } size)
            return (null, UniViewAnswers.Invalid("page_size", "The value must be a whole number from 1."));
        return (new PagedList(number, size), null);
    }

    /// <summary>The rows of this page, as a fault shows them.</summary>
    public IReadOnlyList<T> Rows<T>(IReadOnlyList<T> all, FaultKind? kind) => kind switch
    {
        FaultKind.EmptyList => [],
        FaultKind.RepeatedPage when Number > 1 => Slice(all, Number - 1),
        FaultKind.LoopingNext => Slice(all, Math.Min(Number, Math.Max(1, Pages(all.Count)))),
        FaultKind.TruncatedPage => [.. Slice(all, Number).Take(Slice(all, Number).Count / 2)],
        _ => Slice(all, Number),
    };

    public Answer Answer(JsonNode body, int total, FaultKind? kind)
    {
        var shownTotal = kind == FaultKind.EmptyList ? 0 : total;
        var pages = kind == FaultKind.LoopingNext ? Number + 1L : Pages(shownTotal);
        return Wire.Answer.Json(200, body)
            .With("Paging-Page-Size", Text(Size))
            .With("Paging-Page-Number", Text(Number))
            .With("Paging-Total-Records", Text(shownTotal))
            .With("Paging-Total-Pages", Text(pages));
    }

    private int Pages(int total) => (int)((total + (long)Size - 1) / Size);

    private IReadOnlyList<T> Slice<T>(IReadOnlyList<T> all, int number)
    {
        var skip = (number - 1L) * Size;
        return skip >= all.Count ? [] : [.. all.Skip((int)skip).Take(Size)];
    }

    private static int? Positive(Ask ask, string name, int otherwise)
    {
        if (!ask.Query.TryGetValue(name, out var text))
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number : null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
