using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms;

/// <summary>The vendor's envelope around every answer. Most refusals come with 200; what nobody knows is in the README, "Ours".</summary>
internal static class BmsAnswers
{
    public const int SecurityError = 978001;
    public const int NotFoundCode = 404;
    private const int ValidationCode = 400;

    public static Answer Result(JsonNode? result) => Answer.Json(200, Envelope(null, result));

    public static Answer Rows(JsonArray rows, int? totalRecords)
    {
        var envelope = Envelope(null, rows);
        if (totalRecords is { } total)
            envelope["totalRecords"] = total;
        return Answer.Json(200, envelope);
    }

    /// <summary>200 that says no.</summary>
    public static Answer Refused(int code, string message) => Answer.Json(200, Envelope(Error(code, message, null, []), null));

    public static Answer Invalid(IEnumerable<string> errors) =>
        Answer.Json(200, Envelope(Error(ValidationCode, "Validation Error", "One or more fields are not valid.", errors), null));

    public static Answer Missing(string what, string id) => Refused(NotFoundCode, $"{what} {id} was not found.");

    /// <summary>A status that says no, with the envelope around the reason.</summary>
    public static Answer Failed(int status, int code, string message, string? details) =>
        Answer.Json(status, Envelope(Error(code, message, details, []), null));

    public static Answer Unauthorized() =>
        Failed(401, SecurityError, "Security Error", "The access token is missing, unknown or expired.").With("WWW-Authenticate", "Bearer error=\"invalid_token\"");

    public static Answer TooMany(int callsMax) => Failed(429, 429, "Too Many Requests", $"More than {callsMax} requests per hour to this endpoint.");

    public static Answer NoRoute() => new(404, "text/plain", "");

    public static Answer WrongVerb(string allowed) => new Answer(405, "text/plain", "").With("Allow", allowed);

    public static Answer WrongMedia() => Answer.Json(415, new JsonObject { ["title"] = "Unsupported Media Type", ["status"] = 415 });

    public static Answer OfFault(Fault fault, int callsMax)
    {
        switch (fault.Kind)
        {
            case FaultKind.Unauthorized:
                return Unauthorized();
            case FaultKind.Forbidden:
                return Failed(403, 403, "Forbidden", "The role of the user does not allow this.");
            case FaultKind.OkWithError:
                return Refused(500, "The request could not be completed.");
            case FaultKind.RateLimited:
                return fault.Asked.RetryAfterSeconds is { } seconds ? TooMany(callsMax).With("Retry-After", seconds.ToString()) : TooMany(callsMax);
            default:
                return Failed(500, 500, "Internal Server Error", null);
        }
    }

    private static JsonObject Envelope(JsonObject? error, JsonNode? result) => new()
    {
        ["success"] = error is null,
        ["error"] = error,
        ["result"] = result,
    };

    private static JsonObject Error(int code, string message, string? details, IEnumerable<string> subErrors) => new()
    {
        ["code"] = code,
        ["message"] = message,
        ["details"] = details,
        ["stackStrace"] = null,
        ["subErrors"] = new JsonArray([.. subErrors.Select(error => JsonValue.Create(error))]),
    };
}
