using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Connectors.Http;

/// <summary>Lets at most so many calls of one integration into one endpoint at once. Other processes are held back by their silos.</summary>
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
