using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>A list of the vendor.</summary>
/// <param name="Endpoint">What its calls are counted under.</param>
/// <param name="Path">Where it is.</param>
internal sealed record BmsList(string Endpoint, string Path)
{
    /// <summary>Rows beyond which it is not believed.</summary>
    public int RowsMax { get; init; } = 200_000;

    /// <summary>What is searched for, by POST; null for a list that is got.</summary>
    public JsonObject? Filter { get; init; }

    public static BmsList Of(string path) => new(path, path);
}

/// <summary>Reads whole lists page by page. A list is whole or it is a failure.</summary>
internal sealed class BmsLists(BmsCalls calls)
{
    public const int PageSize = 100;
    private const int PagesMax = 2_000;

    public async Task<VendorAnswer<IReadOnlyList<T>>> All<T>(VendorAccess access, BmsList list, Func<BmsRow, VendorAnswer<T>> fromJson, CancellationToken cancellation)
    {
        var tally = new BmsTally<T>(list.RowsMax, fromJson);
        for (var number = 1; number <= PagesMax; number++)
        {
            var page = await Page(access, list, number, cancellation);
            if (page is VendorAnswer<BmsEnvelope>.Failed failed) return Answers.Failed<IReadOnlyList<T>>(failed.Failure);
            if (tally.Take(number, ((VendorAnswer<BmsEnvelope>.Answered)page).Value) is { } failure) return Answers.Failed<IReadOnlyList<T>>(failure);
            if (tally.IsWhole) return Answers.Of(tally.Rows);
        }

        return Answers.Malformed<IReadOnlyList<T>>("too_many_pages", $"The list {list.Path} has more than {PagesMax} pages.");
    }

    /// <summary>Reads a list that has no pages.</summary>
    public Task<VendorAnswer<IReadOnlyList<T>>> Unpaged<T>(VendorAccess access, BmsList list, Func<BmsRow, VendorAnswer<T>> fromJson, CancellationToken cancellation)
        => calls.Get(access, list.Endpoint, list.Path, cancellation).Then(page =>
        {
            var tally = new BmsTally<T>(list.RowsMax, fromJson);
            if (tally.Take(1, page) is { } failure) return Answers.Failed<IReadOnlyList<T>>(failure);
            return page.TotalRecords is { } total && !tally.IsWhole
                ? Answers.Malformed<IReadOnlyList<T>>("list_truncated", $"{tally.Rows.Count} of {total} records came.")
                : Answers.Of(tally.Rows);
        });

    private Task<VendorAnswer<BmsEnvelope>> Page(VendorAccess access, BmsList list, int number, CancellationToken cancellation)
    {
        if (list.Filter is null)
            return calls.Get(access, list.Endpoint, string.Create(CultureInfo.InvariantCulture, $"{list.Path}?PageSize={PageSize}&PageNumber={number}"), cancellation);
        var body = new JsonObject { ["PageSize"] = PageSize, ["PageNumber"] = number, ["Filter"] = list.Filter.DeepClone() };
        return calls.Search(access, list.Endpoint, list.Path, body, cancellation);
    }
}
