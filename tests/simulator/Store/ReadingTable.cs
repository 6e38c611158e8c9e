using System.Collections;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Simulator.Store;

/// <summary>The readings of a tenant, with what an index is for: their numbers, their nights, and the newest that tells something of each night and metric.</summary>
internal sealed class ReadingTable : IEnumerable<ReadingRow>
{
    private readonly List<ReadingRow> rows = [];
    private readonly Dictionary<(string Metric, DateOnly Night), int> numbers = [];
    private readonly Dictionary<string, List<InputReading>> telling = [];
    private readonly HashSet<DateOnly> nights = [];

    public IReadOnlySet<DateOnly> Nights => nights;

    public void Add(string metric, DateOnly night, Units? units, Evidence evidence, string? reason, DateTimeOffset observedAt)
    {
        var number = numbers[(metric, night)] = numbers.GetValueOrDefault((metric, night)) + 1;
        rows.Add(new(metric, night, number, units, evidence, reason, observedAt));
        nights.Add(night);
        if (evidence != Evidence.Stale || reason is not null) Tell(metric, new(night, units, evidence, reason, observedAt));
    }

    /// <summary>The newest of each night that tells something, from a night on, ordered by night.</summary>
    public IEnumerable<InputReading> Telling(string metric, DateOnly since)
    {
        if (!telling.TryGetValue(metric, out var known)) return [];
        var first = known.FindIndex(reading => reading.Night >= since);
        return first < 0 ? [] : known.GetRange(first, known.Count - first);
    }

    public IEnumerator<ReadingRow> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => rows.GetEnumerator();

    private void Tell(string metric, InputReading reading)
    {
        if (!telling.TryGetValue(metric, out var known)) telling[metric] = known = [];
        var at = known.FindLastIndex(before => before.Night <= reading.Night);
        if (at >= 0 && known[at].Night == reading.Night) known[at] = reading;
        else known.Insert(at + 1, reading);
    }
}
