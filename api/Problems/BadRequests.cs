using System.Text.Json;
using System.Text.RegularExpressions;

namespace UsageBilling.Api.Problems;

/// <summary>Says in our own words, and with the request's own field names, why a request could not be read.</summary>
internal static partial class BadRequests
{
    public static ProblemResult ProblemOf(BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json) return ProblemOf(json);
        if (bad.StatusCode != StatusCodes.Status400BadRequest) return ProblemResult.Of(bad.StatusCode);
        if (bad.Message.Contains("no body was provided", StringComparison.Ordinal)) return ProblemResult.Of(ProblemCode.BodyMissing);
        var parameter = Parameter().Match(bad.Message);
        return parameter.Success
            ? ProblemResult.Of(ProblemCode.ParameterInvalid, [new(JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Groups[1].Value), "Is missing or not of its type.")])
            : ProblemResult.Of(ProblemCode.RequestInvalid);
    }

    private static ProblemResult ProblemOf(JsonException json)
    {
        if (Unmapped().Match(json.Message) is { Success: true } unmapped)
            return ProblemResult.Of(ProblemCode.FieldUnknown, [new(unmapped.Groups[1].Value, "Is not known here.")]);
        if (Missing().Match(json.Message) is { Success: true } missing)
            return ProblemResult.Of(ProblemCode.ValidationFailed, [.. Quoted().Matches(missing.Groups[1].Value).Select(name => new FieldError(name.Groups[1].Value, "Must be there."))]);
        if (Duplicate().Match(json.Message) is { Success: true } duplicate)
            return ProblemResult.Of(ProblemCode.ValidationFailed, [new(duplicate.Groups[1].Value, "Is there more than once.")]);
        return json.Path is { Length: > 2 } path && !IsSyntax(json)
            ? ProblemResult.Of(ProblemCode.ValidationFailed, [new(path[2..], "Is not of the type that this field takes.")])
            : ProblemResult.Of(ProblemCode.JsonInvalid, $"The body is not the JSON that is expected here; see line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.");
    }

    /// <summary>The reader's own exceptions wrap a private type; a type mismatch has no cause, or one of conversion.</summary>
    private static bool IsSyntax(JsonException json) => json.InnerException is JsonException || json.GetType() != typeof(JsonException);

    [GeneratedRegex("^The JSON property '(.+?)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex("missing required properties including: (.+)$")]
    private static partial Regex Missing();

    [GeneratedRegex("[Dd]uplicate property '(.+?)'")]
    private static partial Regex Duplicate();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("parameter \"(?:\\S+ )?(\\w+)\"")]
    private static partial Regex Parameter();
}
