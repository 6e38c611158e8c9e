using System.Globalization;
using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.UniView;

/// <summary>Rows of the good pages, and why there are no more of them when the list did not come whole.</summary>
internal sealed record PagedRead<T>(IReadOnlyList<T> Rows, VendorFailure? Failure);

/// <summary>Walks a list page by page until the vendor's own total is reached.</summary>
internal static class UniViewPages
{
    public const int PageSize = 500;

    // A server that caps pages at its default of 50 rows still shows the 200,000 rows a read may have.
    private const int PagesMax = 4_000;

    public static async Task<PagedRead<T>> Read<T>(
        UniViewCalls calls, VendorAccess access, string endpoint, string path, Func<JsonElement, string, T?> fromJson, CancellationToken cancellation)
        where T : class
    {
        var tally = new UniViewTally<T>(fromJson);
        for (var number = 1; number <= PagesMax; number++)
        {
            var page = string.Create(CultureInfo.InvariantCulture, $"{path}&page_number={number}&page_size={PageSize}");
            var failure = await calls.Get(access, endpoint, page, cancellation) switch
            {
                VendorAnswer<WireAnswer.Received>.Answered answered => tally.Take(number, answered.Value),
                VendorAnswer<WireAnswer.Received>.Failed failed => failed.Failure,
                _ => throw new InvalidOperationException("An answer is answered or failed."),
            };
            if (failure is not null || tally.IsWhole) return new PagedRead<T>(tally.Rows, failure);
        }

        return new PagedRead<T>(tally.Rows, new(VendorFailureKind.Malformed, "too_many_pages", $"The list has more than {PagesMax} pages."));
    }
}
