using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>What Autotask means by an answer. Its refusals come as status 500 with <c>errors</c>; a wrong code, a missing right and too many threads come the same way.</summary>
internal static class AutotaskAnswers
{
    private const int TooManyRequests = 429;

    /// <summary>The texts we know, first match wins. Doubt comes before refusals: a text that speaks of a timeout promises nothing.</summary>
    private static readonly (string[] Words, VendorFailureKind Kind, string Code)[] s_meanings =
    [
        (["timeout expired"], VendorFailureKind.ServerError, "vendor_timed_out"),
        (["timed out"], VendorFailureKind.ServerError, "vendor_timed_out"),
        (["deadlock"], VendorFailureKind.ServerError, "vendor_timed_out"),
        (["integrationcode is invalid"], VendorFailureKind.Unauthorized, "integration_code_invalid"),
        (["zone information could not be determined"], VendorFailureKind.Unauthorized, "unknown_user"),
        (["thread threshold"], VendorFailureKind.RateLimited, "thread_limit"),
        (["itgenatr005"], VendorFailureKind.RateLimited, "thread_limit"),
        (["request threshold"], VendorFailureKind.RateLimited, "quota_exhausted"),
        (["duplicate data", "contract_service_period"], VendorFailureKind.Rejected, "date_taken"),
        (["effectivedate must be between"], VendorFailureKind.Rejected, "date_outside_contract"),
        (["already approved and posted"], VendorFailureKind.Rejected, "period_posted"),
        (["adequate permissions"], VendorFailureKind.Forbidden, "not_permitted"),
        (["required permissions"], VendorFailureKind.Forbidden, "not_permitted"),
    ];

    /// <summary>The body of a read, or why there is none.</summary>
    public static VendorAnswer<JsonElement> Read(WireAnswer answer, VendorAccess access) => answer switch
    {
        WireAnswer.Lost lost => Answers.Failed<JsonElement>(lost.Failure),
        WireAnswer.Received { Status: 200, Errors.Count: 0 } received => received.Json(),
        WireAnswer.Received received => Answers.Failed<JsonElement>(Failure(received, access)),
        _ => throw new InvalidOperationException("An answer is received or lost."),
    };

    /// <summary>What became of a write.</summary>
    public static SendOutcome Outcome(WireAnswer answer, VendorAccess access) => answer switch
    {
        WireAnswer.Lost { Left: false } lost => new SendOutcome.NotSent(lost.Failure),
        WireAnswer.Lost lost => new SendOutcome.InDoubt(lost.Failure),
        WireAnswer.Received { Succeeded: true } received => Success(received, access),
        WireAnswer.Received received => Refusal(received.Status, Failure(received, access)),
        _ => throw new InvalidOperationException("An answer is received or lost."),
    };

    // Adjustments answer {"itemId":null} when they are done. A success that carries errors is no success and no refusal: reading back decides.
    private static SendOutcome Success(WireAnswer.Received answer, VendorAccess access)
    {
        if (answer.Errors.Count > 0) return new SendOutcome.InDoubt(Failure(answer, access));
        if (JsonFields.Parse(answer.Body) is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("itemId", out _)) return new SendOutcome.Applied();
        return new SendOutcome.InDoubt(new(VendorFailureKind.Malformed, "answer_unreadable", "Autotask answered, but not in a way that says whether it is done."));
    }

    private static SendOutcome Refusal(int status, VendorFailure failure) => (status, failure.Kind) switch
    {
        (401 or 403 or 404 or 405 or 429, _) => new SendOutcome.NotSent(failure),
        (_, VendorFailureKind.Unauthorized or VendorFailureKind.RateLimited) => new SendOutcome.NotSent(failure),
        (_, VendorFailureKind.Rejected or VendorFailureKind.Forbidden) => new SendOutcome.Refused(failure.Code, failure.Message),
        _ => new SendOutcome.InDoubt(failure),
    };

    private static VendorFailure Failure(WireAnswer.Received answer, VendorAccess access)
    {
        var byStatus = StatusFailures.From(answer);
        if (answer.Errors.Count == 0) return byStatus;
        var says = $"Autotask says: {VendorText.Quote(answer.Errors, access)}";
        if (answer.Succeeded) return new VendorFailure(VendorFailureKind.Malformed, "errors_in_success", says);
        if (answer.Status < 500 && answer.Status != TooManyRequests) return byStatus with { Message = says };
        var text = string.Join('\n', answer.Errors);
        var known = Array.FindIndex(s_meanings, meaning => Array.TrueForAll(meaning.Words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
        if (answer.Status == TooManyRequests)
        {
            // Autotask has two limits and says which threads it means: what speaks of anything else is the hour's allowance
            var code = known >= 0 && s_meanings[known].Code == "thread_limit" ? "thread_limit" : "quota_exhausted";
            return byStatus with { Code = code, Message = says };
        }

        return known >= 0
            ? new VendorFailure(s_meanings[known].Kind, s_meanings[known].Code, says, answer.RetryAfterSeconds)
            : new VendorFailure(VendorFailureKind.Rejected, "vendor_refused", says);
    }
}
