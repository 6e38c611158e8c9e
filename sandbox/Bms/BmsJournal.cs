using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms;

/// <summary>Keeps what was applied: in the journal, and in the state file when there is one. Runs inside the gate.</summary>
internal sealed class BmsJournal(Journal journal, SandboxClock clock, SandboxState sandbox)
{
    public DateTimeOffset Now => clock.Now;

    /// <summary>Why nothing may be written any more, or null.</summary>
    public string? Full => journal.IsFull ? $"The sandbox's journal is full at {Journal.EntriesMax} writes." : null;

    public void Keep(Ask ask, string entity, long id, JsonNode? body) => Keep([new JournalEntry(ask.Method, ask.Path, entity, id.ToString(), body, Foreign: false)]);

    public void Keep(IEnumerable<JournalEntry> entries)
    {
        foreach (var entry in entries)
            journal.Add(clock.Now, entry);
        sandbox.Save();
    }
}
