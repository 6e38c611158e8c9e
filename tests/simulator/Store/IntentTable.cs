using System.Collections;

namespace UsageBilling.Tests.Simulator.Store;

/// <summary>The intents, with what an index is for: by key, by line, and those that are still on their way.</summary>
internal sealed class IntentTable : IEnumerable<IntentRow>
{
    private readonly List<IntentRow> rows = [];
    private readonly Dictionary<long, IntentRow> byId = [];
    private readonly Dictionary<long, List<IntentRow>> byLine = [];
    private readonly List<IntentRow> live = [];

    /// <summary>Pending, sending or in doubt.</summary>
    public IReadOnlyList<IntentRow> Live => live;

    public IntentRow this[long id] => byId[id];

    public IReadOnlyList<IntentRow> OfLine(long line) => byLine.TryGetValue(line, out var known) ? known : [];

    public void Add(IntentRow row)
    {
        rows.Add(row);
        byId.Add(row.Id, row);
        if (!byLine.TryGetValue(row.Line, out var known)) byLine[row.Line] = known = [];
        known.Add(row);
        row.Changed = Changed;
        Changed(row);
    }

    public IEnumerator<IntentRow> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => rows.GetEnumerator();

    private void Changed(IntentRow row)
    {
        if (!row.IsLive) live.Remove(row);
        else if (!live.Contains(row)) live.Add(row);
    }
}
