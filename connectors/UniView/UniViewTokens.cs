using System.Text;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.UniView;

/// <summary>A token and the instant from which it is no longer used. Its text is a secret.</summary>
internal sealed class BearerToken(string text, DateTimeOffset usableUntil)
{
    public string Text { get; } = text;

    public DateTimeOffset UsableUntil { get; } = usableUntil;
}

/// <summary>Client-credential tokens, one per set of credentials, asked for again shortly before they expire.</summary>
internal sealed class UniViewTokens(VendorLine line, TimeProvider time)
{
    public const string Endpoint = "token";

    // A token that expires while its call is under way costs a second call; a minute covers both limits of a call.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_lifetimeMax = TimeSpan.FromHours(24);
    private readonly PerIntegration<BearerToken> _tokens = new();
    private readonly PerIntegration<SemaphoreSlim> _askers = new();

    public async Task<VendorAnswer<BearerToken>> For(VendorAccess access, CancellationToken cancellation)
    {
        if (line.Rule.Refusal(access.BaseUrl) is { } refusal) return Answers.Failed<BearerToken>(refusal);
        var fingerprint = AccessCheck.Fingerprint(access);
        if (Usable(access, fingerprint) is { } known) return Answers.Of(known);
        var asker = _askers.Of(access.Integration, fingerprint, () => new SemaphoreSlim(1));
        await asker.WaitAsync(cancellation);
        try
        {
            // Somebody else may have been granted one while we waited.
            if (Usable(access, fingerprint) is { } granted) return Answers.Of(granted);
            var answer = await Ask(access, cancellation);
            if (answer is VendorAnswer<BearerToken>.Answered fresh) _tokens.Remember(access.Integration, fingerprint, fresh.Value);
            return answer;
        }
        finally
        {
            asker.Release();
        }
    }

    public void Forget(VendorAccess access, BearerToken token) => _tokens.Forget(access.Integration, AccessCheck.Fingerprint(access), token);

    private BearerToken? Usable(VendorAccess access, string fingerprint)
        => _tokens.Known(access.Integration, fingerprint) is { } token && time.GetUtcNow() < token.UsableUntil ? token : null;

    private async Task<VendorAnswer<BearerToken>> Ask(VendorAccess access, CancellationToken cancellation)
    {
        var askedAt = time.GetUtcNow();
        return await line.Read(access, Endpoint, Request(access), cancellation) switch
        {
            WireAnswer.Lost lost => Answers.Failed<BearerToken>(lost.Failure),
            WireAnswer.Received { Status: 200 } received => Token(received, askedAt),
            WireAnswer.Received received => Answers.Failed<BearerToken>(Failure(received)),
            _ => throw new InvalidOperationException("An answer is received or lost."),
        };
    }

    private static WireRequest Request(VendorAccess access)
    {
        var form = $"grant_type=client_credentials&client_id={Uri.EscapeDataString(access.User)}&client_secret={Uri.EscapeDataString(access.Secret)}";
        return new WireRequest(HttpMethod.Post, UniViewAddress.Token(access.BaseUrl))
        {
            Body = new WireBody(Encoding.ASCII.GetBytes(form), "application/x-www-form-urlencoded"),
        };
    }

    private static VendorAnswer<BearerToken> Token(WireAnswer.Received answer, DateTimeOffset askedAt) => answer.Json().Then(body =>
    {
        var text = body.Text("access_token");
        if (text is null || !text.All(character => character is > ' ' and <= '~') || body.Whole("expires_in") is not > 0)
            return Answers.Malformed<BearerToken>("token_unreadable", "The token service answered without a usable token.");
        var seconds = Math.Min(body.Whole("expires_in")!.Value, (long)s_lifetimeMax.TotalSeconds);
        var lifetime = TimeSpan.FromSeconds(seconds);
        return Answers.Of(new BearerToken(text, askedAt + (lifetime > 2 * s_margin ? lifetime - s_margin : lifetime / 2)));
    });

    // The token service's own codes (RFC 6749); its free text is not quoted, it could repeat what was sent.
    private static VendorFailure Failure(WireAnswer.Received answer)
    {
        var error = answer.Status is 400 ? JsonFields.Parse(answer.Body)?.Text("error") : null;
        if (error is "invalid_client" or "unauthorized_client" or "invalid_grant")
            return new VendorFailure(VendorFailureKind.Unauthorized, "wrong_secret", "UniView does not accept this client id and secret.");
        return StatusFailures.From(answer);
    }
}
