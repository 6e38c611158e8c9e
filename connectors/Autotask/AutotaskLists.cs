using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>Reads whole lists through their next-page links. A list is whole or it is a failure.</summary>
internal sealed class AutotaskLists(AutotaskCalls calls)
{
    private const int PagesMax = 400;

    /// <summary>Reads a list and asks the vendor how long it is; for lists whose missing rows would be missed.</summary>
    public async Task<VendorAnswer<IReadOnlyList<T>>> Counted<T>(VendorAccess access, AutotaskQuery query, Func<JsonElement, VendorAnswer<T>> fromJson, CancellationToken cancellation)
        => await All(access, query, fromJson, cancellation).Then(rows => calls.Count(access, query, cancellation).Then(body => body.Whole("queryCount") == rows.Count
            ? Answers.Of(rows)
            : Answers.Malformed<IReadOnlyList<T>>("list_truncated", $"{rows.Count} of {body.Whole("queryCount")} {query.Entity} came.")));

    public Task<VendorAnswer<IReadOnlyList<T>>> All<T>(VendorAccess access, AutotaskQuery query, Func<JsonElement, VendorAnswer<T>> fromJson, CancellationToken cancellation)
        => calls.Zone(access, cancellation).Then(zone => Walk(access, query, new Uri(zone.Root, query.Path), fromJson, cancellation));

    private async Task<VendorAnswer<IReadOnlyList<T>>> Walk<T>(
        VendorAccess access, AutotaskQuery query, Uri address, Func<JsonElement, VendorAnswer<T>> fromJson, CancellationToken cancellation)
    {
        var rows = new List<T>();
        var seen = new HashSet<long>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        Uri? next = null;
        for (var number = 1; number <= PagesMax; number++)
        {
            var page = await calls.Query(access, query, next, cancellation);
            var step = page.Then(body => Take(body, seen, rows, fromJson)).Then(body => Next(body, address, visited));
            if (step is VendorAnswer<Uri?>.Failed failed) return Answers.Failed<IReadOnlyList<T>>(failed.Failure);
            next = ((VendorAnswer<Uri?>.Answered)step).Value;
            if (next is null) return Answers.Of<IReadOnlyList<T>>(rows);
        }

        return Answers.Malformed<IReadOnlyList<T>>("too_many_pages", $"The list of {query.Entity} has more than {PagesMax} pages.");
    }

    private static VendorAnswer<JsonElement> Take<T>(JsonElement body, HashSet<long> seen, List<T> rows, Func<JsonElement, VendorAnswer<T>> fromJson)
    {
        if (body.Field("items") is not { ValueKind: JsonValueKind.Array } items) return Answers.Malformed<JsonElement>("answer_not_list", "The answer has no list of items.");
        if (body.Field("pageDetails") is not { } details) return Answers.Malformed<JsonElement>("paging_missing", "The answer does not say whether there are more pages.");
        foreach (var item in items.EnumerateArray())
        {
            if (item.Whole("id") is not { } id) return Answers.Malformed<JsonElement>("row_without_id", "A row has no id.");
            if (!seen.Add(id)) return Answers.Malformed<JsonElement>("page_repeated", $"Row {id} came twice.");
            if (fromJson(item).Into(rows) is { } unreadable) return Answers.Failed<JsonElement>(unreadable);
        }

        return details.Whole("count") is { } count && count != items.GetArrayLength()
            ? Answers.Malformed<JsonElement>("list_truncated", $"The page promises {count} rows and has {items.GetArrayLength()}.")
            : Answers.Of(body);
    }

    private static VendorAnswer<Uri?> Next(JsonElement body, Uri query, HashSet<string> visited)
    {
        if (body.Field("pageDetails")?.Text("nextPageUrl") is not { } text) return Answers.Of<Uri?>(null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var next) || !AutotaskAddress.IsNextPageOf(next, query))
            return Answers.Failed<Uri?>(new(VendorFailureKind.AddressRefused, "next_page_refused", "The link to the next page leads away from the list."));
        return visited.Add(next.AbsoluteUri) ? Answers.Of<Uri?>(next) : Answers.Malformed<Uri?>("next_page_loops", "The link to the next page leads back to a page already read.");
    }
}
