using System.Collections.Concurrent;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Runtime.Quotas;

/// <summary>This silo's purses, one per budget.</summary>
internal sealed class Purses(NpgsqlDataSource database, TimeProvider clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(IntegrationId Integration, string Endpoint), Purse> all = new();

    public Purse Of(IntegrationId integration, string endpoint, CallQuota quota) =>
        all.GetOrAdd((integration, endpoint), key => new Purse(database, clock, key.Integration.Value, key.Endpoint, quota));

    public async ValueTask DisposeAsync()
    {
        foreach (var purse in all.Values) await purse.DisposeAsync();
    }
}
