using System.Globalization;
using System.Text;

namespace UsageBilling.Api.Sheets;

/// <summary>A table that is written while it is read, a page at a time: however long it is, no more than a page of it is in memory.</summary>
internal sealed class SheetExport(string file, IReadOnlyList<string> columns, IAsyncEnumerable<IReadOnlyList<string>> rows) : IResult
{
    public const string MediaType = "text/csv";

    private const int RowsMax = 2_000_000;
    private const int BufferLetters = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cancellation) = (httpContext.Response, httpContext.RequestAborted);
        await using var row = rows.GetAsyncEnumerator(cancellation);
        // whatever fails before the first row is still an answer of its own
        var more = await row.MoveNextAsync();
        response.ContentType = $"{MediaType}; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "private, no-cache";
        var text = new StringBuilder(string.Join(',', columns)).Append(Cell.NewLine);
        for (var written = 0; more; written++)
        {
            if (written == RowsMax) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{file} has more than {RowsMax} rows."));
            text.AppendJoin(',', row.Current).Append(Cell.NewLine);
            more = await row.MoveNextAsync();
            if (more && text.Length < BufferLetters) continue;
            await response.WriteAsync(text.ToString(), Encoding.UTF8, cancellation);
            text.Clear();
        }

        await response.WriteAsync(text.ToString(), Encoding.UTF8, cancellation);
    }
}
