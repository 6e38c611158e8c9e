using System.Globalization;
using System.Threading.RateLimiting;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Keys;

namespace UsageBilling.Api.Access;

/// <summary>How many requests may be made. Counted by each api process for itself.</summary>
/// <param name="KeyPerMinute">Of one key; 0 for any number.</param>
/// <param name="MspPerMinute">Of all keys of an msp together; 0 for any number.</param>
public sealed record RequestLimits(int KeyPerMinute, int MspPerMinute)
{
    /// <summary>The largest number that can be set.</summary>
    public const int Most = 1_000_000;

    /// <summary>Unless set otherwise: a portal that works through lists is not stopped, a loop that asks for ever is.</summary>
    public static RequestLimits Usual { get; } = new(6_000, 30_000);

    /// <summary>What <c>UsageBilling__KeyRequestsPerMinute</c> and <c>UsageBilling__MspRequestsPerMinute</c> say; null where nothing is set.</summary>
    /// <returns>The limits, or one sentence about what is wrong.</returns>
    public static (RequestLimits? Limits, string? Objection) FromText(string? key, string? msp) =>
        Number(key, Usual.KeyPerMinute) is { } perKey && Number(msp, Usual.MspPerMinute) is { } perMsp
            ? (new(perKey, perMsp), null)
            : (null, $"UsageBilling__KeyRequestsPerMinute and UsageBilling__MspRequestsPerMinute are whole numbers from 0 (any number) to {Most}.");

    private static int? Number(string? text, int usual) =>
        text is null ? usual : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= Most ? number : null;
}

/// <summary>
/// Requests are taken from a bucket for each key and one for each msp, which hold a minute's worth and fill up evenly. They lie in this process's memory: with two apis behind one address a key has
/// twice as many.
/// </summary>
internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, RequestLimits limits) => services.AddRateLimiter(options =>
    {
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            By(limits.KeyPerMinute, caller => caller.Id),
            By(limits.MspPerMinute, caller => caller.Msp.Value.ToString(CultureInfo.InvariantCulture)));
        options.OnRejected = (context, _) => new(Refuse(context.HttpContext, context.Lease));
    });

    /// <summary>Who has no key is nobody's to count: a guess at 256 random bits is refused after one look at an index.</summary>
    private static PartitionedRateLimiter<HttpContext> By(int perMinute, Func<Caller, string> whose) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
        perMinute > 0 && context.User.Identity is CallerIdentity known
            ? RateLimitPartition.GetTokenBucketLimiter(whose(known.Caller), _ => Bucket(perMinute))
            : RateLimitPartition.GetNoLimiter(""));

    private static TokenBucketRateLimiterOptions Bucket(int perMinute) => new()
    {
        TokenLimit = perMinute,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / perMinute,
        QueueLimit = 0,
    };

    private static Task Refuse(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        return ProblemResult.Of(ProblemCode.TooManyRequests, wait).ExecuteAsync(context);
    }
}
