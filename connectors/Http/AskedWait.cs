using System.Net.Http.Headers;

namespace UsageBilling.Connectors.Http;

/// <summary>The wait that whoever answered asks for with <c>Retry-After</c>: seconds, or an instant (RFC 9110, 10.2.3).</summary>
internal static class AskedWait
{
    /// <returns>Whole seconds of at least 0; null when nothing is asked for.</returns>
    public static int? Seconds(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var wait = header?.Delta ?? (header?.Date - now);
        return wait is { } span ? (int)Math.Clamp(Math.Ceiling(span.TotalSeconds), 0d, int.MaxValue) : null;
    }
}
