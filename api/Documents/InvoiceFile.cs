using System.Text;

namespace UsageBilling.Api.Documents;

/// <summary>An invoice as a file: for a spreadsheet or for paper. It is not guessed what it is, and it may load and run nothing.</summary>
internal sealed class InvoiceFile(string mediaType, string disposition, long number, string ending, string text) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{mediaType}; charset=utf-8";
        response.Headers.ContentDisposition = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{disposition}; filename=\"invoice-{number}.{ending}\"");
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "private";
        return response.WriteAsync(text, Encoding.UTF8, httpContext.RequestAborted);
    }
}
