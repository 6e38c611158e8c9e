using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using UsageBilling.Runtime.Keys;

namespace UsageBilling.Api.Access;

/// <summary>What a key must be allowed to do; viewer, operator and superuser each include the ones before. A key of one feed may do what is done with that feed.</summary>
internal static class Policies
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Superuser = "superuser";

    /// <summary>Whoever may see a feed: viewers, and the feed's own key.</summary>
    public const string FeedSeen = "feed_seen";

    /// <summary>Whoever may tell a feed: operators, and the feed's own key.</summary>
    public const string FeedTold = "feed_told";

    /// <summary>What the part of an address is called that names a feed.</summary>
    private const string FeedId = "id";

    public static void Add(AuthorizationOptions options)
    {
        Require(options, Viewer, ApiScope.Viewer);
        Require(options, Operator, ApiScope.Operator);
        Require(options, Superuser, ApiScope.Superuser);
        RequireOrFeed(options, FeedSeen, ApiScope.Viewer);
        RequireOrFeed(options, FeedTold, ApiScope.Operator);
    }

    private static void Require(AuthorizationOptions options, string policy, ApiScope scope) => options.AddPolicy(
        policy,
        rule => rule.RequireAuthenticatedUser().RequireAssertion(context => context.User.Identity is CallerIdentity known && known.Caller.Scope >= scope));

    private static void RequireOrFeed(AuthorizationOptions options, string policy, ApiScope scope) => options.AddPolicy(
        policy,
        rule => rule.RequireAuthenticatedUser().RequireAssertion(context => context.User.Identity is CallerIdentity known && (known.Caller.Scope >= scope || IsOf(known.Caller, context.Resource))));

    private static bool IsOf(Caller caller, object? request) =>
        caller.Feed is { } feed && request is HttpContext http && long.TryParse(http.GetRouteValue(FeedId)?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked == feed;
}
