using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Connectors.Http;

/// <summary>Queues the calls of this process, so that those who cannot go now wait for a signal instead of asking for a seat again and again. Seats are shared by all silos.</summary>
internal sealed class EndpointGates(int callsMax)
{
    private readonly PerIntegration<SemaphoreSlim> _gates = new();

    public async Task<WireAnswer> Pass(IntegrationId integration, string endpoint, Func<Task<WireAnswer>> call, CancellationToken cancellation)
    {
        var gate = _gates.Of(integration, endpoint, () => new SemaphoreSlim(callsMax));
        await gate.WaitAsync(cancellation);
        try
        {
            return await call();
        }
        finally
        {
            gate.Release();
        }
    }
}
