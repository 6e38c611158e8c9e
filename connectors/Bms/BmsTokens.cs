using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>What a sign-in or a refresh grants. Both texts are secrets.</summary>
internal sealed class BmsToken(string text, DateTimeOffset usableUntil, string? refresh, DateTimeOffset refreshableUntil)
{
    public string Text { get; } = text;

    public DateTimeOffset UsableUntil { get; } = usableUntil;

    public string? Refresh { get; } = refresh;

    public DateTimeOffset RefreshableUntil { get; } = refreshableUntil;
}

/// <summary>One pair of tokens per set of credentials: refreshed shortly before it expires, signed in for again when that fails. One at a time per integration.</summary>
internal sealed class BmsTokens(VendorLine line, TimeProvider time)
{
    public const string SignInEndpoint = "security/authenticate";
    public const string RefreshEndpoint = "security/refreshtoken";

    // A token that expires while its call is under way costs a second call; a minute covers both limits of a call.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_lifetimeMax = TimeSpan.FromHours(24);
    private readonly PerIntegration<BmsToken> _tokens = new();
    private readonly PerIntegration<Asker> _askers = new();

    public async Task<VendorAnswer<BmsToken>> For(VendorAccess access, CancellationToken cancellation)
    {
        if (Usable(access) is { } known) return Answers.Of(known);
        var asker = AskerOf(access);
        var refusedBefore = asker.Refused;
        // Whoever waited hears what the first was told: a wrong password tried by all of them locks the user.
        return await Alone(access, asker, () => asker.Refused is { } refused && refused != refusedBefore && refused.Credentials == AccessCheck.Fingerprint(access)
            ? Task.FromResult(Answers.Failed<BmsToken>(refused.Failure))
            : Renewed(access, asker, cancellation), cancellation);
    }

    /// <summary>Signs in whatever is remembered: a token proves a password of yesterday.</summary>
    public Task<VendorAnswer<BmsToken>> SignInAnew(VendorAccess access, CancellationToken cancellation)
    {
        var asker = AskerOf(access);
        return Alone(access, asker, () => SignedIn(access, asker, cancellation), cancellation);
    }

    public void Forget(VendorAccess access, BmsToken token) => _tokens.Forget(access.Integration, AccessCheck.Fingerprint(access), token);

    private Asker AskerOf(VendorAccess access) => _askers.Of(access.Integration, "", () => new Asker());

    private async Task<VendorAnswer<BmsToken>> Alone(VendorAccess access, Asker asker, Func<Task<VendorAnswer<BmsToken>>> ask, CancellationToken cancellation)
    {
        if (line.Rule.Refusal(access.BaseUrl) is { } refusal) return Answers.Failed<BmsToken>(refusal);
        await asker.Turn.WaitAsync(cancellation);
        try
        {
            return await ask();
        }
        finally
        {
            asker.Turn.Release();
        }
    }

    private async Task<VendorAnswer<BmsToken>> Renewed(VendorAccess access, Asker asker, CancellationToken cancellation)
    {
        // Somebody else may have been granted one while we waited.
        if (Usable(access) is { } granted) return Answers.Of(granted);
        if (_tokens.Known(access.Integration, AccessCheck.Fingerprint(access)) is not { Refresh: { } refresh } old || old.RefreshableUntil <= time.GetUtcNow())
            return await SignedIn(access, asker, cancellation);
        var askedAt = time.GetUtcNow();
        var answer = await line.Write(access, RefreshEndpoint, Request(access, RefreshEndpoint, BmsSignIn.Form(("AccessToken", old.Text), ("RefreshToken", refresh))), cancellation);
        if (answer is WireAnswer.Lost { Left: false } lost)
        {
            cancellation.ThrowIfCancellationRequested();
            return Answers.Failed<BmsToken>(lost.Failure);
        }

        // Both tokens rotate: whatever came of it, the old pair is used up.
        Forget(access, old);
        cancellation.ThrowIfCancellationRequested();
        var fresh = Remembered(access, Granted(answer, access, askedAt));
        return fresh is VendorAnswer<BmsToken>.Answered ? fresh : await SignedIn(access, asker, cancellation);
    }

    private async Task<VendorAnswer<BmsToken>> SignedIn(VendorAccess access, Asker asker, CancellationToken cancellation)
    {
        var askedAt = time.GetUtcNow();
        var answer = Granted(await line.Read(access, SignInEndpoint, Request(access, SignInEndpoint, BmsSignIn.Form(access)), cancellation), access, askedAt);
        if (answer is VendorAnswer<BmsToken>.Failed { Failure: { Kind: VendorFailureKind.Unauthorized or VendorFailureKind.Forbidden } failure })
            asker.Refused = new Refusal(AccessCheck.Fingerprint(access), failure);
        return Remembered(access, answer);
    }

    private VendorAnswer<BmsToken> Remembered(VendorAccess access, VendorAnswer<BmsToken> answer)
    {
        if (answer is VendorAnswer<BmsToken>.Answered fresh) _tokens.Remember(access.Integration, AccessCheck.Fingerprint(access), fresh.Value);
        return answer;
    }

    private BmsToken? Usable(VendorAccess access)
        => _tokens.Known(access.Integration, AccessCheck.Fingerprint(access)) is { } token && time.GetUtcNow() < token.UsableUntil ? token : null;

    private static WireRequest Request(VendorAccess access, string path, WireBody form) => new(HttpMethod.Post, BmsAddress.Of(access.BaseUrl, path)) { Body = form };

    private static VendorAnswer<BmsToken> Granted(WireAnswer answer, VendorAccess access, DateTimeOffset askedAt) => answer switch
    {
        WireAnswer.Lost lost => Answers.Failed<BmsToken>(lost.Failure),
        WireAnswer.Received received when BmsAnswers.Read(received, access, token: null) is VendorAnswer<BmsEnvelope>.Answered { Value.Result: { } result } => Token(result, askedAt),
        WireAnswer.Received received => Answers.Failed<BmsToken>(BmsSignIn.Failure(received, access)),
        _ => throw new InvalidOperationException("An answer is received or lost."),
    };

    private static VendorAnswer<BmsToken> Token(BmsRow result, DateTimeOffset askedAt)
    {
        if (result.Text("accessToken") is not { } text || !IsSendable(text) || result.Instant("accessTokenExpireOn") is not { } expiresAt)
            return Answers.Failed<BmsToken>(BmsSignIn.Unreadable);
        var refresh = result.Text("refreshToken") is { } offered && IsSendable(offered) ? offered : null;
        return Answers.Of(new BmsToken(text, askedAt + Believed(expiresAt - askedAt), refresh, result.Instant("refreshTokenExpireOn") ?? expiresAt));
    }

    // A lifetime that is over at once is a clock that differs from ours, or a time without its zone: the token is good for a while, and 401 says when it is not.
    private static TimeSpan Believed(TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero) return s_margin;
        var bounded = lifetime < s_lifetimeMax ? lifetime : s_lifetimeMax;
        return bounded > 2 * s_margin ? bounded - s_margin : bounded / 2;
    }

    private static bool IsSendable(string token) => token.All(character => character is > ' ' and <= '~');

    /// <summary>Whose turn it is to ask for an integration, and how a sign-in was turned down last.</summary>
    private sealed class Asker
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public Refusal? Refused { get; set; }
    }

    private sealed class Refusal(string credentials, VendorFailure failure)
    {
        public string Credentials { get; } = credentials;

        public VendorFailure Failure { get; } = failure;
    }
}
