using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Keys;

namespace UsageBilling.Api.Access;

/// <summary>Who calls, as the framework wants to know it.</summary>
internal sealed class CallerIdentity(Caller caller) : ClaimsIdentity([new(ClaimTypes.NameIdentifier, caller.Id), new(ClaimTypes.Name, caller.Name)], ApiKeyHandler.Scheme)
{
    public Caller Caller { get; } = caller;
}

/// <summary>There is nothing to set.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions;

/// <summary>Knows a caller by <c>Authorization: Bearer ub_…</c>. The msp follows from the key and from nothing else.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<ApiKeyOptions>(options, loggers, encoder)
{
    public new const string Scheme = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var caller = await keys.Find(header[(Scheme.Length + 1)..].Trim(), Context.RequestAborted);
        return caller is null
            ? AuthenticateResult.Fail("The key is not known, was revoked or has expired.")
            : AuthenticateResult.Success(new(new ClaimsPrincipal(new CallerIdentity(caller)), Scheme));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var known = await HandleAuthenticateOnceAsync();
        Response.Headers.WWWAuthenticate = Scheme;
        await ProblemResult.Of(known.Failure is null ? ProblemCode.KeyMissing : ProblemCode.KeyInvalid).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ProblemResult.Of(ProblemCode.ScopeInsufficient).ExecuteAsync(Context);
}
