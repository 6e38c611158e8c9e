using System.Collections.Concurrent;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>Permits of a silo that is alone in the world; it remembers what was asked and told.</summary>
internal sealed class AllPermitted : ICallPermits
{
    /// <summary>Refuses a call by its endpoint; null lets it go.</summary>
    public Func<string, VendorFailure?> Refusal { get; set; } = _ => null;

    /// <summary>The seats of the calls under way.</summary>
    public CancellationTokenSource Seats { get; } = new();

    public bool Probes { get; set; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<string> Told { get; } = new();

    public Task<CallPermit> Take(VendorAccess access, string endpoint, CallRules rules, CancellationToken cancellation)
    {
        Asked.Enqueue($"{endpoint} {rules.CallsAtOnceMax} {rules.Quota?.Allowed.ToString(global::System.Globalization.CultureInfo.InvariantCulture) ?? "-"}");
        return Task.FromResult<CallPermit>(Refusal(endpoint) is { } failure ? new CallPermit.Refused(failure) : new CallPermit.Granted(Probes, new Seat(), Seats.Token));
    }

    public Task OpenCircuit(IntegrationId integration, TimeSpan pause, string reason)
    {
        Told.Enqueue($"open {integration.Value} {pause.TotalSeconds} {reason}");
        return Task.CompletedTask;
    }

    public Task CloseCircuit(IntegrationId integration)
    {
        Told.Enqueue($"close {integration.Value}");
        return Task.CompletedTask;
    }

    private sealed class Seat : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
