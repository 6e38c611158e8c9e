using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>Retries for reads and a circuit breaker, kept per integration and address. Writes pass the breaker and are never repeated.</summary>
internal sealed class CallPipelines(ConnectorOptions options, TimeProvider time, ConnectorCounters counters)
{
    private readonly PerIntegration<Pair> _pairs = new();

    public Task<WireAnswer> Read(VendorAccess access, Func<CancellationToken, Task<WireAnswer>> attempt, CancellationToken cancellation)
        => Run(PairOf(access).Reads, attempt, cancellation);

    public Task<WireAnswer> Write(VendorAccess access, Func<CancellationToken, Task<WireAnswer>> attempt, CancellationToken cancellation)
        => Run(PairOf(access).Writes, attempt, cancellation);

    private static async Task<WireAnswer> Run(ResiliencePipeline<WireAnswer> pipeline, Func<CancellationToken, Task<WireAnswer>> attempt, CancellationToken cancellation)
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await attempt(token), cancellation);
        }
        catch (BrokenCircuitException open)
        {
            var wait = open.RetryAfter is { } span ? (int)Math.Ceiling(span.TotalSeconds) : (int?)null;
            return new WireAnswer.Lost(new(VendorFailureKind.CircuitOpen, "circuit_open", "The vendor failed too often just now; the call was not made.", wait), Left: false);
        }
    }

    // A corrected base url is another address: it does not wait for the wrong one's circuit to close.
    private Pair PairOf(VendorAccess access) => _pairs.Of(access.Integration, access.BaseUrl.OriginalString, Build);

    private Pair Build()
    {
        var breaker = new ResiliencePipelineBuilder<WireAnswer> { TimeProvider = time }.AddCircuitBreaker(Breaker()).Build();
        var reads = new ResiliencePipelineBuilder<WireAnswer> { TimeProvider = time };
        if (options.ReadAttemptsMax > 1) reads.AddRetry(Retry());
        return new Pair(reads.AddPipeline(breaker).Build(), breaker);
    }

    private CircuitBreakerStrategyOptions<WireAnswer> Breaker() => new()
    {
        FailureRatio = 0.5,
        MinimumThroughput = options.BreakerCallsMin,
        SamplingDuration = options.BreakerWindow,
        BreakDuration = options.BreakerPause,
        ShouldHandle = outcome => ValueTask.FromResult(IsOutage(outcome.Outcome.Result)),
        OnOpened = _ =>
        {
            counters.CircuitOpened();
            return ValueTask.CompletedTask;
        },
    };

    private RetryStrategyOptions<WireAnswer> Retry() => new()
    {
        MaxRetryAttempts = options.ReadAttemptsMax - 1,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = options.RetryDelay,
        MaxDelay = options.RetryDelayMax,
        ShouldHandle = outcome => ValueTask.FromResult(IsOutage(outcome.Outcome.Result) || IsShortRefusal(outcome.Outcome.Result)),
        DelayGenerator = outcome => ValueTask.FromResult(RetryAfter(outcome.Outcome.Result)),
        OnRetry = _ =>
        {
            counters.Retried();
            return ValueTask.CompletedTask;
        },
    };

    /// <summary>The vendor is down, as opposed to: the vendor says no. Autotask's 500 with an explanation is a no.</summary>
    private static bool IsOutage(WireAnswer? answer) => answer switch
    {
        WireAnswer.Received received => received.FailedUnexplained,
        WireAnswer.Lost lost => lost.Failure.Kind is VendorFailureKind.Unreachable or VendorFailureKind.TimedOut or VendorFailureKind.ServerError
            && lost.Failure.Code is not ("cancelled_after_send" or "cancelled_before_send"),
        _ => false,
    };

    private bool IsShortRefusal(WireAnswer? answer)
        => answer is WireAnswer.Received { Status: 429 } refused && (refused.RetryAfterSeconds ?? 0) <= options.RetryAfterMax.TotalSeconds;

    private TimeSpan? RetryAfter(WireAnswer? answer)
        => answer is WireAnswer.Received { RetryAfterSeconds: { } seconds } && seconds <= options.RetryAfterMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private sealed record Pair(ResiliencePipeline<WireAnswer> Reads, ResiliencePipeline<WireAnswer> Writes);
}
