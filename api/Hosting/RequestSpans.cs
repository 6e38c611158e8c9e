using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace UsageBilling.Api.Hosting;

/// <summary>Names the span of a request by its route and tells how it was answered, which ASP.NET Core leaves to others.</summary>
internal static class RequestSpans
{
    public static void UseRequestSpans(this WebApplication application) => application.Use(async (context, next) =>
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is not { IsAllDataRequested: true })
        {
            await next(context);
            return;
        }

        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }

        await next(context);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
    });
}
