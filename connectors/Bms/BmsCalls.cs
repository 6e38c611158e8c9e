using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>Calls the API with a token, and once more with a new one when the token is turned away. Endpoints are named after their paths: each has a budget of its own.</summary>
internal sealed class BmsCalls(VendorLine line, BmsTokens tokens)
{
    public const string Json = "application/json";
    public const string JsonPatch = "application/json-patch+json";
    private const int Unauthorized = 401;

    public Task<VendorAnswer<BmsEnvelope>> Get(VendorAccess access, string endpoint, string path, CancellationToken cancellation)
        => Read(access, endpoint, HttpMethod.Get, path, null, cancellation);

    /// <summary>POSTs a question; it changes nothing and may be repeated.</summary>
    public Task<VendorAnswer<BmsEnvelope>> Search(VendorAccess access, string endpoint, string path, JsonObject body, CancellationToken cancellation)
        => Read(access, endpoint, HttpMethod.Post, path, Body(body, Json), cancellation);

    /// <summary>Sends a change: one attempt. A 401 is proof that it was not looked at, so it goes out again with a new token.</summary>
    public async Task<SendOutcome> Send(
        VendorAccess access, string endpoint, (HttpMethod Method, string Path, JsonNode Body, string MediaType) change, Func<BmsEnvelope, bool> isDone, CancellationToken cancellation)
    {
        try
        {
            var (token, answer) = await Exchange(
                access, granted => line.Write(access, endpoint, Request(access, granted, change.Method, change.Path, Body(change.Body, change.MediaType)), cancellation), cancellation);
            return BmsAnswers.Outcome(answer, access, token, isDone);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The change itself answers a cancellation; this one came while waiting for a token.
            return new SendOutcome.NotSent(new(VendorFailureKind.Unreachable, "cancelled_before_send", "The call was broken off before anything was sent."));
        }
    }

    /// <summary>Null when the credentials can be put into a form at all.</summary>
    public static VendorFailure? Unusable(VendorAccess access)
        => AccessCheck.Unusable(access) ?? (access.IntegrationCode.Length > 0 ? null : new(VendorFailureKind.Unauthorized, "credentials_missing", "The company must be set."));

    private async Task<VendorAnswer<BmsEnvelope>> Read(VendorAccess access, string endpoint, HttpMethod method, string path, WireBody? body, CancellationToken cancellation)
    {
        var (token, answer) = await Exchange(access, granted => line.Read(access, endpoint, Request(access, granted, method, path, body), cancellation), cancellation);
        return BmsAnswers.Read(answer, access, token);
    }

    private async Task<(string? Token, WireAnswer Answer)> Exchange(VendorAccess access, Func<BmsToken, Task<WireAnswer>> call, CancellationToken cancellation)
    {
        if (Unusable(access) is { } unusable) return (null, new WireAnswer.Lost(unusable, Left: false));
        var (token, first) = await Attempt(access, call, cancellation);
        if (token is null || first is not WireAnswer.Received { Status: Unauthorized }) return (token?.Text, first);
        // A token can be revoked before its time. What was granted with it is gone, too: this is a new sign-in, not a refresh.
        tokens.Forget(access, token);
        var (another, second) = await Attempt(access, call, cancellation);
        return (another?.Text, second);
    }

    private async Task<(BmsToken? Token, WireAnswer Answer)> Attempt(VendorAccess access, Func<BmsToken, Task<WireAnswer>> call, CancellationToken cancellation)
        => await tokens.For(access, cancellation) switch
        {
            VendorAnswer<BmsToken>.Answered granted => (granted.Value, await call(granted.Value)),
            VendorAnswer<BmsToken>.Failed failed => (null, new WireAnswer.Lost(failed.Failure, Left: false)),
            _ => throw new InvalidOperationException("An answer is answered or failed."),
        };

    private static WireRequest Request(VendorAccess access, BmsToken token, HttpMethod method, string path, WireBody? body)
        => new(method, BmsAddress.Of(access.BaseUrl, path)) { Headers = [("Authorization", "Bearer " + token.Text)], Body = body };

    private static WireBody Body(JsonNode body, string mediaType) => new(Encoding.UTF8.GetBytes(body.ToJsonString()), mediaType);
}
