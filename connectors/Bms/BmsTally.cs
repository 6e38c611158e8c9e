using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>Keeps count of a list while its pages come in, and believes a page only when it agrees with the pages before it.</summary>
/// <remarks>
/// Most lists say how long they are; some do not. Those end with a page that is empty or shorter than the one before it, never with the first: a vendor may
/// answer with fewer rows than were asked for.
/// </remarks>
internal sealed class BmsTally<T>(int rowsMax, Func<BmsRow, VendorAnswer<T>> fromJson)
{
    private readonly HashSet<long> _seen = [];
    private readonly List<T> _rows = [];
    private long? _total;
    private int _rowsBefore;

    public IReadOnlyList<T> Rows => _rows;

    public bool IsWhole { get; private set; }

    /// <summary>Takes one page; answers why the list is not to be believed, or null.</summary>
    public VendorFailure? Take(int number, BmsEnvelope page)
    {
        if (page.Rows is not { } rows) return Malformed("answer_not_list", "The page is not a list.");
        if (number > 1 && page.TotalRecords != _total) return Malformed("total_changed", $"The list had {Told(_total)} records and has {Told(page.TotalRecords)} now.");
        _total = page.TotalRecords;
        if (_total > rowsMax || _seen.Count + rows.Count > rowsMax) return Malformed("too_many_records", $"The list has more than {rowsMax} records.");
        return TakeRows(number, [.. rows.Select(row => new BmsRow(row))]) ?? End(number, rows.Count);
    }

    private VendorFailure? TakeRows(int number, List<BmsRow> page)
    {
        var ids = page.ConvertAll(row => row.Whole("id"));
        if (ids.Contains(null)) return Malformed("row_without_id", $"A row of page {number} has no id.");
        var fresh = ids.OfType<long>().ToHashSet();
        if (page.Count > 0 && fresh.All(_seen.Contains)) return Malformed("page_repeated", $"Page {number} repeats rows of the pages before it.");
        if (fresh.Count != page.Count || fresh.Overlaps(_seen)) return Malformed("row_repeated", $"Page {number} shows a row twice.");
        if (_seen.Count + page.Count > _total) return Malformed("list_longer_than_total", $"The list is longer than the {_total} records it promises.");
        _seen.UnionWith(fresh);
        foreach (var row in page)
            if (fromJson(row).Into(_rows) is { } unreadable)
                return unreadable;
        return null;
    }

    private VendorFailure? End(int number, int rows)
    {
        IsWhole = _total is { } total ? _seen.Count == total : rows == 0 || (number > 1 && rows < _rowsBefore);
        _rowsBefore = rows;
        return rows == 0 && !IsWhole ? Malformed("list_truncated", $"The list ends after {_seen.Count} of {_total} records.") : null;
    }

    private static string Told(long? total) => total is { } known ? $"{known}" : "an unknown number of";

    private static VendorFailure Malformed(string code, string message) => new(VendorFailureKind.Malformed, code, message);
}
