using Microsoft.AspNetCore.StaticFiles;
using UsageBilling.Api.Problems;

namespace UsageBilling.Api.Contract;

/// <summary>The OpenAPI document as a page for people, of files that the api has inside.</summary>
internal static class DocumentPage
{
    private const string Page = "page.html";
    private const string ResourcePrefix = "viewer/";

    /// <summary>Only what comes from here; the viewer styles its own elements, and has small pictures inside.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FileExtensionContentTypeProvider Types = new();

    public static void MapViewer(this WebApplication application)
    {
        application.MapGet("/docs", (HttpResponse response) => Send(Page, response)).ExcludeFromDescription();
        application.MapGet("/docs/{file}", (string file, HttpResponse response) => Send(file, response)).ExcludeFromDescription();
    }

    private static IResult Send(string file, HttpResponse response)
    {
        if (typeof(DocumentPage).Assembly.GetManifestResourceStream(ResourcePrefix + file) is not { } content) return ProblemResult.Of(ProblemCode.RouteUnknown);
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(content, Types.TryGetContentType(file, out var type) ? type + "; charset=utf-8" : null);
    }
}
