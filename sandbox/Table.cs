using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox;

/// <summary>Rows of one kind, ordered by id. Ids only ever grow: a deleted row stays, unseen, and keeps its id from being given again.</summary>
internal sealed class Table
{
    /// <summary>Marks a row that was deleted.</summary>
    public const string Deleted = "_deleted";

    private const long FirstId = 1;

    private readonly SortedDictionary<long, JsonObject> rows = [];
    private readonly Dictionary<string, Dictionary<long, List<JsonObject>>> owned = new(StringComparer.Ordinal);
    private long lastId = FirstId - 1;

    public IEnumerable<JsonObject> Rows => rows.Values.Where(row => !IsDeleted(row));

    public JsonObject? Find(long? id) => id is { } known && rows.GetValueOrDefault(known) is { } row && !IsDeleted(row) ? row : null;

    /// <summary>The rows whose owner it is. The field never changes once a row is in the table.</summary>
    public IEnumerable<JsonObject> Of(string ownerField, long owner)
    {
        if (!owned.TryGetValue(ownerField, out var byOwner))
        {
            owned.Add(ownerField, byOwner = []);
            foreach (var row in rows.Values) Remember(byOwner, ownerField, row);
        }

        return byOwner.GetValueOrDefault(owner, []).Where(row => !IsDeleted(row));
    }

    /// <summary>Adds a row under the id it has, or under the next one.</summary>
    public long Insert(JsonObject row)
    {
        var id = Number(row, "id") ?? lastId + 1;
        row["id"] = id;
        rows.Add(id, row);
        foreach (var (field, byOwner) in owned) Remember(byOwner, field, row);
        lastId = Math.Max(lastId, id);
        return id;
    }

    public JsonArray ToJson() => new([.. rows.Values.Select(row => row.DeepClone())]);

    public void Restore(JsonArray saved)
    {
        rows.Clear();
        owned.Clear();
        foreach (var row in saved.OfType<JsonObject>())
            Insert((JsonObject)row.DeepClone());
    }

    private static bool IsDeleted(JsonObject row) => row[Deleted] is { } deleted && deleted.GetValue<bool>();

    private static void Remember(Dictionary<long, List<JsonObject>> byOwner, string field, JsonObject row)
    {
        if (Number(row, field) is not { } owner) return;
        if (byOwner.TryGetValue(owner, out var list)) list.Add(row);
        else byOwner.Add(owner, [row]);
    }

    private static long? Number(JsonObject row, string field) =>
        row[field] is { } id && long.TryParse(id.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
