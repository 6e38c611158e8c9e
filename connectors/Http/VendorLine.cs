using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>One vendor's way out: its addresses, its concurrency per endpoint, retries for reads and the circuit breaker.</summary>
internal sealed class VendorLine(
    string vendor,
    AddressRule rule,
    int callsPerEndpointMax,
    GuardedTransport transport,
    CallPipelines pipelines,
    ConnectorCounters counters)
{
    private readonly EndpointGates _gates = new(callsPerEndpointMax);

    public AddressRule Rule => rule;

    /// <summary>Sends a request that changes nothing; it may be repeated.</summary>
    public Task<WireAnswer> Read(VendorAccess access, string endpoint, WireRequest request, CancellationToken cancellation)
        => pipelines.Read(access, token => Attempt(access, endpoint, () => transport.Read(request, rule, token), token), cancellation);

    /// <summary>Sends a request that changes something: once, and cancelling is answered, not thrown.</summary>
    public async Task<WireAnswer> Write(VendorAccess access, string endpoint, WireRequest request, CancellationToken cancellation)
    {
        try
        {
            return await pipelines.Write(access, token => Attempt(access, endpoint, () => transport.Write(request, rule, token), token), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The transport answers a cancellation of its own; this one came while waiting at the gate.
            return LostCall.InTime(left: false, cancelled: true);
        }
    }

    private async Task<WireAnswer> Attempt(VendorAccess access, string endpoint, Func<Task<WireAnswer>> call, CancellationToken cancellation)
    {
        var answer = await _gates.Pass(access.Integration, endpoint, call, cancellation);
        counters.Attempted(vendor, answer is WireAnswer.Received received ? $"{received.Status / 100}xx" : "lost");
        return answer;
    }
}
