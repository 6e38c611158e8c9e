using Microsoft.AspNetCore.Authorization;
using UsageBilling.Runtime.Keys;

namespace UsageBilling.Api.Access;

/// <summary>What a key must be allowed to do; each policy includes the ones before it.</summary>
internal static class Policies
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Superuser = "superuser";

    public static void Add(AuthorizationOptions options)
    {
        Require(options, Viewer, ApiScope.Viewer);
        Require(options, Operator, ApiScope.Operator);
        Require(options, Superuser, ApiScope.Superuser);
    }

    private static void Require(AuthorizationOptions options, string policy, ApiScope scope) => options.AddPolicy(
        policy,
        rule => rule.RequireAuthenticatedUser().RequireAssertion(context => context.User.Identity is CallerIdentity known && known.Caller.Scope >= scope));
}
