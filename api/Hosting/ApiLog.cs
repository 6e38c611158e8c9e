namespace UsageBilling.Api.Hosting;

/// <summary>What the api says before it has anybody to answer, with an id that docs/OPERATING.md explains.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(5003, LogLevel.Warning, "PostgreSQL takes no connections yet and is waited for, {Seconds} s at most: {Reason}")]
    public static partial void WaitsForDatabase(this ILogger log, double seconds, string reason);
}
