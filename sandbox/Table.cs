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
    private long lastId = FirstId - 1;

    public IEnumerable<JsonObject> Rows => rows.Values.Where(row => !IsDeleted(row));

    public JsonObject? Find(long? id) => id is { } known && rows.GetValueOrDefault(known) is { } row && !IsDeleted(row) ? row : null;

    /// <summary>Adds a row under the id it has, or under the next one.</summary>
    public long Insert(JsonObject row)
    {
        var id = IdOf(row) ?? lastId + 1;
        row["id"] = id;
        rows.Add(id, row);
        lastId = Math.Max(lastId, id);
        return id;
    }

    public JsonArray ToJson() => new([.. rows.Values.Select(row => row.DeepClone())]);

    public void Restore(JsonArray saved)
    {
        rows.Clear();
        foreach (var row in saved.OfType<JsonObject>())
            Insert((JsonObject)row.DeepClone());
    }

    private static bool IsDeleted(JsonObject row) => row[Deleted] is { } deleted && deleted.GetValue<bool>();

    private static long? IdOf(JsonObject row) =>
        row["id"] is { } id && long.TryParse(id.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
