using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;

namespace UsageBilling.Sandbox.Autotask;

/// <summary>Every row of the pretended Autotask database.</summary>
internal sealed class AutotaskState(Picklists picklists, UserDefinedFields userDefinedFields)
{
    private readonly Dictionary<string, Table> tables = EntityCatalogue.All.ToDictionary(entity => entity.Plural, _ => new Table(), StringComparer.Ordinal);

    public Picklists Picklists { get; } = picklists;

    public UserDefinedFields UserDefinedFields { get; } = userDefinedFields;

    public Table Of(EntityDescription entity) => tables[entity.Plural];

    public AutotaskState Copy()
    {
        var copy = Emptied();
        copy.Restore(ToJson());
        return copy;
    }

    /// <summary>The same tenant without a row.</summary>
    public AutotaskState Emptied() => new(Picklists, UserDefinedFields);

    public JsonObject ToJson()
    {
        var all = new JsonObject();
        foreach (var (name, table) in tables)
            all[name] = table.ToJson();
        return all;
    }

    public void Restore(JsonObject saved)
    {
        foreach (var (name, table) in tables)
        {
            if (saved[name] is JsonArray rows)
                table.Restore(rows);
        }
    }
}
