using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The tenant's picklists from the seed: <c>"Tickets.status": {"1":"New"}</c>. Values are strings here, integers in rows.</summary>
internal sealed class Picklists(JsonObject seed)
{
    /// <summary>True for a known value, and for any value of a picklist the seed leaves open.</summary>
    public bool Allows(EntityDescription entity, FieldDescription field, long value) =>
        Of(entity, field) is not { } values || values.ContainsKey(value.ToString());

    public JsonArray Shown(EntityDescription entity, FieldDescription field)
    {
        var shown = new JsonArray();
        foreach (var (value, label) in Of(entity, field) ?? [])
        {
            shown.Add(new JsonObject
            {
                ["value"] = value,
                ["label"] = label?.DeepClone(),
                ["isDefaultValue"] = shown.Count == 0,
                ["sortOrder"] = shown.Count + 1,
                ["parentValue"] = "",
                ["isActive"] = true,
                ["isSystem"] = false,
            });
        }

        return shown;
    }

    private JsonObject? Of(EntityDescription entity, FieldDescription field) => seed[$"{entity.Plural}.{field.Name}"] as JsonObject;
}
