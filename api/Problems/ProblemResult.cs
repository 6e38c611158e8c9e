using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using UsageBilling.Api.Resources;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Api.Problems;

/// <summary>What is wrong with one field.</summary>
/// <param name="Field">As the request spells it; a path when nested.</param>
/// <param name="Message">One sentence.</param>
internal sealed record FieldError(string Field, string Message);

/// <summary>Problem details, as RFC 9457 has them.</summary>
/// <param name="Type">Always <c>about:blank</c>: the code says more.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="Code">Stable snake_case code for a program.</param>
/// <param name="TraceId">Under which the log knows the request.</param>
/// <param name="Errors">What is wrong with single fields, when that is the problem.</param>
/// <param name="Difference">What is not as it was planned, when that is the problem.</param>
internal sealed record ProblemResource(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    [property: JsonPropertyName("traceId")] string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DifferenceResource? Difference = null);

/// <summary>Problem details (RFC 9457) with a stable code and the trace id: the one way in which the api says no.</summary>
internal sealed class ProblemResult : IResult
{
    private static readonly TimeSpan RetryAfterTrouble = TimeSpan.FromSeconds(1);

    private readonly string code;
    private readonly int status;
    private readonly string sentence;
    private readonly IReadOnlyList<FieldError> errors;
    private readonly DifferenceResource? difference;
    private readonly TimeSpan? wait;

    private ProblemResult(string code, int status, string sentence, IReadOnlyList<FieldError> errors, DifferenceResource? difference = null, TimeSpan? wait = null)
    {
        this.difference = difference;
        this.wait = wait ?? (status == StatusCodes.Status503ServiceUnavailable ? RetryAfterTrouble : null);
        this.code = code;
        this.status = status;
        this.sentence = sentence;
        this.errors = errors;
    }

    public string Code => code;

    public string Sentence => sentence;

    public static ProblemResult Of(ProblemKind kind, string? sentence = null) => new(kind.Code, kind.Status, sentence ?? kind.Sentence, []);

    public static ProblemResult Of(ProblemKind kind, IReadOnlyList<FieldError> errors) => new(kind.Code, kind.Status, kind.Sentence, errors);

    public static ProblemResult Of(ProblemKind kind, DifferenceResource difference) => new(kind.Code, kind.Status, kind.Sentence, [], difference);

    /// <summary>A refusal that is over after a while.</summary>
    public static ProblemResult Of(ProblemKind kind, TimeSpan wait) => new(kind.Code, kind.Status, kind.Sentence, [], wait: wait);

    public static ProblemResult Of(Verdict.Refused refusal) => new(refusal.Code, RefusalStatus.Of(refusal.Code), refusal.Sentence, []);

    /// <summary>A refusal that one field is to blame for.</summary>
    public static ProblemResult Of(Verdict.Refused refusal, string field) => new(refusal.Code, RefusalStatus.Of(refusal.Code), refusal.Sentence, [new(field, refusal.Sentence)]);

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
        var title = ReasonPhrases.GetReasonPhrase(status);
        var trace = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier;
        var details = new ProblemResource("about:blank", title, status, sentence, code, trace, errors.Count > 0 ? errors : null, difference);
        var response = httpContext.Response;
        response.StatusCode = status;
        if (wait is { } pause) response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(details, options: null, "application/problem+json", httpContext.RequestAborted);
    }
}
