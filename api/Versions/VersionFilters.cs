using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;

namespace UsageBilling.Api.Versions;

/// <summary>Tags and conditions, the same for every route that has them.</summary>
internal static class VersionFilters
{
    /// <summary>Answers with an <c>ETag</c>, and with 304 when <c>If-None-Match</c> names it.</summary>
    public static RouteHandlerBuilder Tagged(this RouteHandlerBuilder route) => route
        .WithMetadata(new TaggedRoute(), new ProducesResponseTypeAttribute(StatusCodes.Status304NotModified))
        .AddEndpointFilter(async (context, next) => await next(context) is var answer && Shown(answer) is { } resource ? Show(resource, context.HttpContext) : answer);

    /// <summary>Changes the resource if it is what <c>If-Match</c> names.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route, Versioned resource) => route.Conditional(new(resource, Required: false));

    /// <summary>Takes the place of all that is there: <c>If-Match</c> must say what that was.</summary>
    public static RouteHandlerBuilder Replaces(this RouteHandlerBuilder route, Versioned resource) => route.Conditional(new(resource, Required: true));

    /// <summary>Refuses a condition that a route would not ask.</summary>
    public static RouteGroupBuilder WithConditions(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        var request = context.HttpContext;
        if (HttpMethods.IsGet(request.Request.Method)) return await next(context);
        var conditional = request.GetEndpoint()!.Metadata.GetMetadata<ConditionalRoute>();
        var given = request.Request.Headers.IfMatch.Count > 0;
        if (given && conditional is null) return ProblemResult.Of(ProblemCode.ConditionUnsupported);
        if (!given && conditional is { Required: true }) return ProblemResult.Of(ProblemCode.PreconditionRequired);
        var answer = await next(context);
        if (conditional is null || !IsDone(answer)) return answer;
        if (given && !context.Arguments.OfType<MspDatabase>().Single().Condition.WasAsked) throw new InvalidOperationException($"{request.Request.Path} was changed, and nobody asked for its condition.");
        if (Shown(answer) is { } resource && resource.GetType() == conditional.Of.Shown) request.Response.Headers.ETag = EntityTag.Of(EntityTag.Json(resource, request));
        return answer;
    });

    private static RouteHandlerBuilder Conditional(this RouteHandlerBuilder route, ConditionalRoute conditional)
    {
        route.WithMetadata(conditional, new ProducesResponseTypeAttribute(typeof(ProblemResource), StatusCodes.Status412PreconditionFailed, "application/problem+json"));
        if (conditional.Required) route.WithMetadata(new ProducesResponseTypeAttribute(typeof(ProblemResource), StatusCodes.Status428PreconditionRequired, "application/problem+json"));
        return route;
    }

    /// <summary>What was found or made, when something was; null for a refusal.</summary>
    private static object? Shown(object? answer) => Plain(answer) is IValueHttpResult { Value: { } resource } ? resource : null;

    private static bool IsDone(object? answer) => Plain(answer) is IStatusCodeHttpResult { StatusCode: >= 200 and < 300 };

    private static object? Plain(object? answer)
    {
        while (answer is INestedHttpResult nested) answer = nested.Result;
        return answer;
    }

    private static IResult Show(object resource, HttpContext context)
    {
        var json = EntityTag.Json(resource, context);
        var (tag, headers) = (EntityTag.Of(json), context.Response.Headers);
        // whoever keeps it asks each time whether it is still so
        (headers.ETag, headers.CacheControl) = (tag, "private, no-cache");
        return EntityTag.IsNamed(context.Request.Headers.IfNoneMatch, tag, strongly: false)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(json, "application/json; charset=utf-8");
    }
}
