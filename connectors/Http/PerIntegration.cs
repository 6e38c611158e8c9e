using System.Collections.Concurrent;
using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Connectors.Http;

/// <summary>Things remembered per integration in this process. All of them can be found again, so passing the bound forgets them.</summary>
internal sealed class PerIntegration<T> where T : class
{
    private const int EntriesMax = 10_000;
    private readonly ConcurrentDictionary<(IntegrationId Integration, string Detail), T> _entries = new();

    public T Of(IntegrationId integration, string detail, Func<T> build)
    {
        if (_entries.TryGetValue((integration, detail), out var known)) return known;
        if (_entries.Count >= EntriesMax) _entries.Clear();
        return _entries.GetOrAdd((integration, detail), _ => build());
    }

    public T? Known(IntegrationId integration, string detail) => _entries.GetValueOrDefault((integration, detail));

    public void Remember(IntegrationId integration, string detail, T entry)
    {
        if (_entries.Count >= EntriesMax) _entries.Clear();
        _entries[(integration, detail)] = entry;
    }

    /// <summary>Forgets the entry unless somebody has replaced it already.</summary>
    public void Forget(IntegrationId integration, string detail, T entry) => _entries.TryRemove(new((integration, detail), entry));
}
