using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>One vendor's way out: its addresses, retries for reads, a permit for each attempt, and the circuit breaker.</summary>
internal sealed class VendorLine(
    string vendor,
    AddressRule rule,
    VendorLimits limits,
    GuardedTransport transport,
    CallPipelines pipelines,
    ConnectorCounters counters)
{
    private readonly EndpointGates _gates = new(limits.CallsPerEndpointMax);

    public AddressRule Rule => rule;

    /// <summary>Sends a request that changes nothing; it may be repeated.</summary>
    public Task<WireAnswer> Read(VendorAccess access, string endpoint, WireRequest request, CancellationToken cancellation)
        => pipelines.Repeated(access, token => Attempt(access, endpoint, end => transport.Read(request, rule, end), token), cancellation);

    /// <summary>Sends a request that changes something: once, and cancelling is answered, not thrown.</summary>
    public async Task<WireAnswer> Write(VendorAccess access, string endpoint, WireRequest request, CancellationToken cancellation)
    {
        try
        {
            return await Attempt(access, endpoint, end => transport.Write(request, rule, end), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The transport answers a cancellation of its own; this one came while waiting at the gate or for a permit.
            return LostCall.InTime(left: false, cancelled: true);
        }
    }

    private Task<WireAnswer> Attempt(VendorAccess access, string endpoint, Func<CancellationToken, Task<WireAnswer>> call, CancellationToken cancellation)
        => _gates.Pass(
            access.Integration,
            endpoint,
            () => pipelines.Permitted(access, endpoint, limits, async end => Counted(await call(end)), cancellation),
            cancellation);

    private WireAnswer Counted(WireAnswer answer)
    {
        counters.Attempted(vendor, answer is WireAnswer.Received received ? $"{received.Status / 100}xx" : "lost");
        return answer;
    }
}
