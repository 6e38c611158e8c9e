using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.UniView;

/// <summary>Calls the API with a token, and once more with a new one when the token is turned away.</summary>
internal sealed class UniViewCalls(VendorLine line, UniViewTokens tokens)
{
    private const int Unauthorized = 401;

    public async Task<VendorAnswer<WireAnswer.Received>> Get(VendorAccess access, string endpoint, string path, CancellationToken cancellation)
    {
        if (AccessCheck.Unusable(access) is { } unusable) return Answers.Failed<WireAnswer.Received>(unusable);
        var first = await Attempt(access, endpoint, path, cancellation);
        if (first.Answer is not WireAnswer.Received { Status: Unauthorized }) return Read(first, access);
        // A token can be revoked before its time; a new one is asked for once.
        tokens.Forget(access, first.Token!);
        return Read(await Attempt(access, endpoint, path, cancellation), access);
    }

    private async Task<(BearerToken? Token, WireAnswer? Answer, VendorFailure? Failure)> Attempt(
        VendorAccess access, string endpoint, string path, CancellationToken cancellation)
    {
        var granted = await tokens.For(access, cancellation);
        if (granted is VendorAnswer<BearerToken>.Failed failed) return (null, null, failed.Failure);
        var token = ((VendorAnswer<BearerToken>.Answered)granted).Value;
        var request = new WireRequest(HttpMethod.Get, UniViewAddress.Of(access.BaseUrl, path)) { Headers = [("Authorization", "Bearer " + token.Text)] };
        return (token, await line.Read(access, endpoint, request, cancellation), null);
    }

    private static VendorAnswer<WireAnswer.Received> Read((BearerToken? Token, WireAnswer? Answer, VendorFailure? Failure) attempt, VendorAccess access)
        => attempt.Answer switch
        {
            null => Answers.Failed<WireAnswer.Received>(attempt.Failure!),
            WireAnswer.Lost lost => Answers.Failed<WireAnswer.Received>(lost.Failure),
            WireAnswer.Received { Status: 200 } received => Answers.Of(received),
            WireAnswer.Received received => Answers.Failed<WireAnswer.Received>(Failure(received, access)),
            _ => throw new InvalidOperationException("An answer is received or lost."),
        };

    private static VendorFailure Failure(WireAnswer.Received answer, VendorAccess access)
    {
        var failure = StatusFailures.From(answer);
        if (answer.Status == Unauthorized) return failure with { Code = "token_refused", Message = "UniView does not accept the token it has just granted." };
        return answer.Errors.Count == 0 ? failure : failure with { Message = $"UniView says: {VendorText.Quote(answer.Errors, access)}" };
    }
}
