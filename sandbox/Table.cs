using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox;

/// <summary>Rows of one kind, ordered by id. Ids only ever grow; nothing here can be deleted.</summary>
internal sealed class Table
{
    private const long FirstId = 1;

    private readonly SortedDictionary<long, JsonObject> rows = [];
    private long lastId = FirstId - 1;

    public IEnumerable<JsonObject> Rows => rows.Values;

    public JsonObject? Find(long? id) => id is { } known ? rows.GetValueOrDefault(known) : null;

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

    private static long? IdOf(JsonObject row) =>
        row["id"] is { } id && long.TryParse(id.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
