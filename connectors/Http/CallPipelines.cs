using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>Retries for reads; a permit and a circuit breaker for every attempt. Breakers are kept per integration and address, and told to all silos when they open.</summary>
internal sealed class CallPipelines
{
    private readonly ConnectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ConnectorCounters _counters;
    private readonly ICallPermits _permits;
    private readonly ResiliencePipeline<WireAnswer> _repeats;
    private readonly PerIntegration<Breaker> _breakers = new();

    public CallPipelines(ConnectorOptions options, TimeProvider time, ConnectorCounters counters, ICallPermits permits)
    {
        (_options, _time, _counters, _permits) = (options, time, counters, permits);
        var repeats = new ResiliencePipelineBuilder<WireAnswer> { TimeProvider = time };
        if (options.ReadAttemptsMax > 1) repeats.AddRetry(Retry());
        _repeats = repeats.Build();
    }

    /// <summary>Tries again what failed. When a further attempt is held back, the vendor's own failure is the answer: it says more.</summary>
    public async Task<WireAnswer> Repeated(VendorAccess access, Func<CancellationToken, Task<WireAnswer>> attempt, CancellationToken cancellation)
    {
        WireAnswer? asked = null;
        var answer = await _repeats.ExecuteAsync(
            async token =>
            {
                var tried = await attempt(token);
                if (tried is not WireAnswer.Lost { Failure.Uncounted: true }) asked = tried;
                return tried;
            },
            cancellation);
        return asked ?? answer;
    }

    /// <summary>One attempt, if there is a permit for it and the circuit is closed.</summary>
    public async Task<WireAnswer> Permitted(
        VendorAccess access, string endpoint, VendorLimits limits, Func<CancellationToken, Task<WireAnswer>> call, CancellationToken cancellation)
    {
        var permit = await _permits.Take(access, endpoint, limits.RulesOf(endpoint, _options.BreakerPause + _options.CallTimeLimit), cancellation);
        if (permit is CallPermit.Refused refused) return new WireAnswer.Lost(refused.Failure, Left: false);
        var granted = (CallPermit.Granted)permit;
        await using var seat = granted.Seat;
        var breaker = BreakerOf(access);
        var answer = await Through(breaker, granted, call, cancellation);
        await Tell(access, granted, breaker, answer);
        return answer;
    }

    private static async Task<WireAnswer> Through(Breaker breaker, CallPermit.Granted permit, Func<CancellationToken, Task<WireAnswer>> call, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(permit.Lost, cancellation);
        try
        {
            return await breaker.Pipeline.ExecuteAsync(async token => await call(token), end.Token);
        }
        catch (BrokenCircuitException open)
        {
            var wait = open.RetryAfter is { } span ? (int)Math.Ceiling(span.TotalSeconds) : (int?)null;
            return new WireAnswer.Lost(new(VendorFailureKind.CircuitOpen, "circuit_open", "The vendor failed too often just now; the call was not made.", wait), Left: false);
        }
        catch (OperationCanceledException) when (permit.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new WireAnswer.Lost(new(VendorFailureKind.Withheld, "permit_lost", "The silo lost its seat at the vendor and broke the call off."), Left: true);
        }
    }

    /// <summary>One silo finds a vendor down, or up again, and the others need not try.</summary>
    private async Task Tell(VendorAccess access, CallPermit.Granted permit, Breaker breaker, WireAnswer answer)
    {
        if (IsOutage(answer))
        {
            if (permit.Probes || breaker.State.CircuitState == CircuitState.Open)
                await _permits.OpenCircuit(access.Integration, _options.BreakerPause, CodeOf(answer));
        }
        else if (permit.Probes && answer is WireAnswer.Received)
        {
            await _permits.CloseCircuit(access.Integration);
        }
    }

    // A corrected base url is another address: it does not wait for the wrong one's circuit to close.
    private Breaker BreakerOf(VendorAccess access) => _breakers.Of(access.Integration, access.BaseUrl.OriginalString, Build);

    private Breaker Build()
    {
        var state = new CircuitBreakerStateProvider();
        return new Breaker(new ResiliencePipelineBuilder<WireAnswer> { TimeProvider = _time }.AddCircuitBreaker(Opening(state)).Build(), state);
    }

    private CircuitBreakerStrategyOptions<WireAnswer> Opening(CircuitBreakerStateProvider state) => new()
    {
        FailureRatio = 0.5,
        MinimumThroughput = _options.BreakerCallsMin,
        SamplingDuration = _options.BreakerWindow,
        BreakDuration = _options.BreakerPause,
        StateProvider = state,
        ShouldHandle = outcome => ValueTask.FromResult(IsOutage(outcome.Outcome.Result)),
        OnOpened = _ =>
        {
            _counters.CircuitOpened();
            return ValueTask.CompletedTask;
        },
    };

    private RetryStrategyOptions<WireAnswer> Retry() => new()
    {
        MaxRetryAttempts = _options.ReadAttemptsMax - 1,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _options.RetryDelay,
        MaxDelay = _options.RetryDelayMax,
        ShouldHandle = outcome => ValueTask.FromResult(IsOutage(outcome.Outcome.Result) || IsShortRefusal(outcome.Outcome.Result)),
        DelayGenerator = outcome => ValueTask.FromResult(RetryAfter(outcome.Outcome.Result)),
        OnRetry = _ =>
        {
            _counters.Retried();
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

    private static string CodeOf(WireAnswer answer) => answer switch
    {
        WireAnswer.Received received => StatusFailures.From(received).Code,
        WireAnswer.Lost lost => lost.Failure.Code,
        _ => throw new InvalidOperationException("An answer is received or lost."),
    };

    private bool IsShortRefusal(WireAnswer? answer)
        => answer is WireAnswer.Received { Status: 429 } refused && (refused.RetryAfterSeconds ?? 0) <= _options.RetryAfterMax.TotalSeconds;

    private TimeSpan? RetryAfter(WireAnswer? answer)
        => answer is WireAnswer.Received { RetryAfterSeconds: { } seconds } && seconds <= _options.RetryAfterMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private sealed record Breaker(ResiliencePipeline<WireAnswer> Pipeline, CircuitBreakerStateProvider State);
}
