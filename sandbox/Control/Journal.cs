using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Control;

/// <summary>One write that was applied.</summary>
/// <param name="Foreign">Somebody else's hand (foreign edit, edit of a domain), not the client under test.</param>
internal sealed record JournalEntry(string Method, string Path, string Entity, string? ItemId, JsonNode? Body, bool Foreign)
{
    public JournalAdjustment? Adjustment { get; init; }
}

/// <summary>What an adjustment did to its line on its effective date.</summary>
internal sealed record JournalAdjustment(long ContractId, long ContractServiceId, DateOnly EffectiveOn, long UnitChange, long UnitsBefore, long UnitsAfter);

/// <summary>Every write a vendor applied, in order: the proof of exactly-once. It can grow, never shrink. Guarded by the vendor's gate.</summary>
internal sealed class Journal
{
    /// <summary>Beyond it writes are refused: a journal with gaps would prove nothing.</summary>
    public const int EntriesMax = 100_000;

    private readonly JsonArray entries = [];

    public bool IsFull => entries.Count >= EntriesMax;

    public void Add(DateTimeOffset at, JournalEntry entry) => entries.Add(new JsonObject
    {
        ["sequence"] = entries.Count + 1,
        ["at"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
        ["method"] = entry.Method,
        ["path"] = entry.Path,
        ["entity"] = entry.Entity,
        ["item_id"] = entry.ItemId,
        ["foreign"] = entry.Foreign,
        ["body"] = entry.Body?.DeepClone(),
        ["contract_id"] = entry.Adjustment?.ContractId,
        ["contract_service_id"] = entry.Adjustment?.ContractServiceId,
        ["effective_date"] = entry.Adjustment?.EffectiveOn.ToString("yyyy-MM-dd"),
        ["unit_change"] = entry.Adjustment?.UnitChange,
        ["units_before"] = entry.Adjustment?.UnitsBefore,
        ["units_after"] = entry.Adjustment?.UnitsAfter,
    });

    public JsonArray ToJson() => (JsonArray)entries.DeepClone();

    public void Restore(JsonArray saved)
    {
        entries.Clear();
        foreach (var entry in saved)
            entries.Add(entry?.DeepClone());
    }
}
