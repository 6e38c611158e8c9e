using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Api.Problems;

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">As the request spells it; a path when nested.</param>
/// <param name="Message">One sentence.</param>
internal sealed record FieldError(string Field, string Message);

/// <summary>Problem details (RFC 9457) with a stable code and the trace id: the one way in which the api says no.</summary>
internal sealed class ProblemResult : IResult
{
    private const int RetryAfterSeconds = 1;

    private readonly string code;
    private readonly int status;
    private readonly string sentence;
    private readonly IReadOnlyList<FieldError> errors;

    private ProblemResult(string code, int status, string sentence, IReadOnlyList<FieldError> errors)
    {
        this.code = code;
        this.status = status;
        this.sentence = sentence;
        this.errors = errors;
    }

    public static ProblemResult Of(ProblemKind kind, string? sentence = null) => new(kind.Code, kind.Status, sentence ?? kind.Sentence, []);

    public static ProblemResult Of(ProblemKind kind, IReadOnlyList<FieldError> errors) => new(kind.Code, kind.Status, kind.Sentence, errors);

    public static ProblemResult Of(Verdict.Refused refusal) => new(refusal.Code, RefusalStatus.Of(refusal.Code), refusal.Sentence, []);

    /// <summary>What a bare status of the framework means.</summary>
    public static ProblemResult Of(int status) => Of(status switch
    {
        StatusCodes.Status404NotFound => ProblemCode.RouteUnknown,
        StatusCodes.Status405MethodNotAllowed => ProblemCode.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => ProblemCode.BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => ProblemCode.MediaTypeUnsupported,
        >= 400 and < 500 => ProblemCode.RequestInvalid,
        _ => ProblemCode.InternalError,
    });

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var details = new ProblemDetails { Type = "about:blank", Title = Title(), Status = status, Detail = sentence };
        details.Extensions["code"] = code;
        details.Extensions["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier;
        if (errors.Count > 0) details.Extensions["errors"] = errors;
        var response = httpContext.Response;
        response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(details, options: null, "application/problem+json", httpContext.RequestAborted);
    }

    private string Title() => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
