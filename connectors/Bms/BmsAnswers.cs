using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>What Kaseya means by an answer. A refusal may come as status 200 with <c>success</c> false; what its other statuses carry is not documented.</summary>
internal static class BmsAnswers
{
    private const int BadRequest = 400;
    private const int Unauthorized = 401;
    private const int Forbidden = 403;
    private const int TooMany = 429;

    /// <summary>The texts that say more than "no", first match wins. Doubt comes first: a text that speaks of a timeout promises nothing.</summary>
    private static readonly (string[] Words, VendorFailureKind Kind, string Code)[] s_meanings =
    [
        (["timeout expired"], VendorFailureKind.ServerError, "vendor_timed_out"),
        (["timed out"], VendorFailureKind.ServerError, "vendor_timed_out"),
        (["deadlock"], VendorFailureKind.ServerError, "vendor_timed_out"),
        (["api access"], VendorFailureKind.Forbidden, "no_api_access"),
        (["permission"], VendorFailureKind.Forbidden, "not_permitted"),
        (["access denied"], VendorFailureKind.Forbidden, "not_permitted"),
        (["limit", "exceeded"], VendorFailureKind.RateLimited, "quota_exhausted"),
        (["too many requests"], VendorFailureKind.RateLimited, "quota_exhausted"),
    ];

    /// <summary>The envelope of a read, or why there is none.</summary>
    public static VendorAnswer<BmsEnvelope> Read(WireAnswer answer, VendorAccess access, string? token) => answer switch
    {
        WireAnswer.Lost lost => Answers.Failed<BmsEnvelope>(lost.Failure),
        WireAnswer.Received { Succeeded: true } received => Opened(received, access, token),
        WireAnswer.Received received => Answers.Failed<BmsEnvelope>(ByStatus(received, access, token)),
        _ => throw new InvalidOperationException("An answer is received or lost."),
    };

    /// <summary>What became of a write.</summary>
    /// <param name="isDone">Whether the result shows what a write of this kind leaves behind.</param>
    public static SendOutcome Outcome(WireAnswer answer, VendorAccess access, string? token, Func<BmsEnvelope, bool> isDone) => answer switch
    {
        WireAnswer.Lost { Left: false } lost => new SendOutcome.NotSent(lost.Failure),
        WireAnswer.Lost lost => new SendOutcome.InDoubt(lost.Failure),
        WireAnswer.Received { Succeeded: true } received => Success(received, access, token, isDone),
        WireAnswer.Received received => Refusal(received.Status, ByStatus(received, access, token)),
        _ => throw new InvalidOperationException("An answer is received or lost."),
    };

    /// <summary>The vendor's texts as a part of our message: without our secrets, and without the token.</summary>
    public static string Quote(BmsEnvelope? envelope, VendorAccess access, string? token)
        => envelope?.Errors is { Count: > 0 } errors ? $" Kaseya says: {VendorText.Quote(errors, access, token)}" : "";

    private static VendorAnswer<BmsEnvelope> Opened(WireAnswer.Received answer, VendorAccess access, string? token) => BmsEnvelope.FromJson(answer.Body) switch
    {
        null when JsonFields.Parse(answer.Body) is null => Answers.Malformed<BmsEnvelope>("answer_not_json", "The vendor's answer is not JSON."),
        null => Answers.Malformed<BmsEnvelope>("answer_unreadable", "Kaseya's answer does not say whether it succeeded."),
        { Succeeded: false } refused => Answers.Failed<BmsEnvelope>(Said(refused, access, token)),
        { Errors.Count: > 0 } both => Answers.Malformed<BmsEnvelope>("errors_in_success", $"Kaseya says yes and no.{Quote(both, access, token)}"),
        { } whole => Answers.Of(whole),
    };

    private static SendOutcome Success(WireAnswer.Received answer, VendorAccess access, string? token, Func<BmsEnvelope, bool> isDone)
    {
        var envelope = BmsEnvelope.FromJson(answer.Body);
        if (envelope is { Succeeded: false }) return No(envelope, Said(envelope, access, token));
        return Opened(answer, access, token) switch
        {
            VendorAnswer<BmsEnvelope>.Failed failed => new SendOutcome.InDoubt(failed.Failure with { Code = failed.Failure.Code == "answer_not_json" ? "answer_unreadable" : failed.Failure.Code }),
            VendorAnswer<BmsEnvelope>.Answered answered when isDone(answered.Value) => new SendOutcome.Applied(),
            _ => new SendOutcome.InDoubt(new(VendorFailureKind.Malformed, "answer_unreadable", "Kaseya answered, but not in a way that says whether it is done.")),
        };
    }

    // A no with a stack trace is an accident half-way, not a decision: only reading back can tell.
    private static SendOutcome No(BmsEnvelope envelope, VendorFailure failure) => failure.Kind switch
    {
        _ when envelope.Broke => new SendOutcome.InDoubt(failure),
        VendorFailureKind.RateLimited => new SendOutcome.NotSent(failure),
        VendorFailureKind.Rejected or VendorFailureKind.Forbidden => new SendOutcome.Refused(failure.Code, failure.Message),
        _ => new SendOutcome.InDoubt(failure),
    };

    private static SendOutcome Refusal(int status, VendorFailure failure) => (status, failure.Kind) switch
    {
        (401 or 403 or 404 or 405 or 429, _) => new SendOutcome.NotSent(failure),
        (_, VendorFailureKind.RateLimited) => new SendOutcome.NotSent(failure),
        (_, VendorFailureKind.Rejected or VendorFailureKind.Forbidden) => new SendOutcome.Refused(failure.Code, failure.Message),
        _ => new SendOutcome.InDoubt(failure),
    };

    private static VendorFailure Said(BmsEnvelope refused, VendorAccess access, string? token)
    {
        var says = refused.Errors.Count == 0 ? "Kaseya refused the request and does not say why." : $"Kaseya says: {VendorText.Quote(refused.Errors, access, token)}";
        var (kind, code) = Meaning(refused) ?? (VendorFailureKind.Rejected, "vendor_refused");
        return new VendorFailure(kind, code, says);
    }

    private static VendorFailure ByStatus(WireAnswer.Received answer, VendorAccess access, string? token)
    {
        var failure = StatusFailures.From(answer);
        var envelope = BmsEnvelope.FromJson(answer.Body);
        if (answer.Status == Unauthorized) failure = failure with { Code = "token_refused", Message = "Kaseya does not accept the token it has just granted." };
        // The only limit that Kaseya documents
        if (answer.Status == TooMany) failure = failure with { Code = "quota_exhausted", Message = "Kaseya allows no more calls to this endpoint: everybody together has used its hour." };
        // What a 400 or a 403 says about itself is nearer to the cause than its number.
        if (answer.Status is BadRequest or Forbidden && envelope is not null && Meaning(envelope) is var (kind, code)) failure = failure with { Kind = kind, Code = code };
        var opening = answer.Status >= 500 && envelope is { Errors.Count: > 0 } ? $"The vendor failed ({answer.Status})." : failure.Message;
        return failure with { Message = opening + Quote(envelope, access, token) };
    }

    private static (VendorFailureKind Kind, string Code)? Meaning(BmsEnvelope envelope)
    {
        var text = string.Join('\n', envelope.Errors);
        foreach (var (words, kind, code) in s_meanings)
            if (Array.TrueForAll(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
                return (kind, code);
        return null;
    }
}
