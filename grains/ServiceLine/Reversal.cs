using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>Undoes what was posted without changing what a period comes to.</summary>
internal static class Reversal
{
    /// <summary>
    /// For each entry one of the opposite, which the reversal posts, and the same one again, which waits for review. Both name the entry they correct
    /// and the count record that caused it.
    /// </summary>
    public static IEnumerable<Effect> Of(IEnumerable<PostedEntry> posted, DateOnly night)
    {
        foreach (var (key, entry) in posted)
        {
            yield return new Effect.AddLedgerEntry(entry with { Kind = "reversal", UnitsDelta = -entry.UnitsDelta, Amount = -entry.Amount, Night = night, Corrects = key });
            yield return new Effect.AddLedgerEntry(entry with { Kind = "again", Night = night, Corrects = key });
        }
    }
}
