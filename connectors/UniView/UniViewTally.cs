using System.Globalization;
using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.UniView;

/// <summary>Keeps count of a list while its pages come in, and believes a page only when it agrees with the pages before it.</summary>
internal sealed class UniViewTally<T>(Func<JsonElement, string, T?> fromJson) where T : class
{
    private const int RecordsMax = 200_000;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<T> _rows = [];
    private int? _total;

    public IReadOnlyList<T> Rows => _rows;

    /// <summary>Every record the vendor promised has been seen.</summary>
    public bool IsWhole => _seen.Count == _total;

    /// <summary>Takes one page; answers why the list ends here unfinished, or null.</summary>
    public VendorFailure? Take(int number, WireAnswer.Received answer)
    {
        if (JsonFields.Parse(answer.Body) is not { ValueKind: JsonValueKind.Array } page) return Malformed("answer_not_list", "The page is not a list.");
        if (Header(answer, "Paging-Total-Records") is not { } total) return Malformed("paging_missing", "The page does not say how long the list is.");
        return TakeTotal(total) ?? TakeRows(number, [.. page.EnumerateArray()], answer) ?? AskWhetherMoreCan(number, answer);
    }

    private VendorFailure? TakeTotal(int total)
    {
        if (total > RecordsMax) return Malformed("too_many_records", $"The list has {total} records; at most {RecordsMax} are read.");
        if (_total is { } before && before != total) return Malformed("total_changed", $"The list had {before} records and has {total} now.");
        _total = total;
        return null;
    }

    private VendorFailure? TakeRows(int number, List<JsonElement> page, WireAnswer.Received answer)
    {
        var ids = page.ConvertAll(row => row.Text("id"));
        if (ids.Contains(null)) return Malformed("row_without_id", $"A row of page {number} has no id.");
        var fresh = new HashSet<string>(ids!, StringComparer.Ordinal);
        if (page.Count > 0 && fresh.All(_seen.Contains)) return Malformed("page_repeated", $"Page {number} repeats rows of the pages before it.");
        if (fresh.Count != page.Count || fresh.Overlaps(_seen)) return Malformed("row_repeated", $"Page {number} shows a row twice.");
        if (Header(answer, "Paging-Page-Number") is { } shown && shown != number) return Malformed("wrong_page", $"Page {number} was asked for and page {shown} came.");
        if (_seen.Count + page.Count > _total) return Malformed("list_longer_than_total", $"The list is longer than the {_total} records it promises.");
        _seen.UnionWith(fresh);
        for (var index = 0; index < page.Count; index++)
            if (fromJson(page[index], ids[index]!) is { } row)
                _rows.Add(row);
        return page.Count == 0 && !IsWhole ? Truncated() : null;
    }

    private VendorFailure? AskWhetherMoreCan(int number, WireAnswer.Received answer)
    {
        if (Header(answer, "Paging-Total-Pages") is not { } pages) return null;
        if (IsWhole) return pages > number ? Malformed("list_longer_than_total", $"All {_total} records came on page {number} of {pages}.") : null;
        return pages <= number ? Truncated() : null;
    }

    private VendorFailure Truncated() => Malformed("list_truncated", $"The list ends after {_seen.Count} of {_total} records.");

    private static int? Header(WireAnswer.Received answer, string name)
        => answer.Headers.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static VendorFailure Malformed(string code, string message) => new(VendorFailureKind.Malformed, code, message);
}
