using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>
/// The tenant's picklists from the seed. <c>"Tickets.status": {"1":"New"}</c>, or, where more is to be said of a value,
/// <c>{"5":{"label":"Complete","system":true}}</c> with <c>default</c>, <c>active</c>, <c>system</c> and <c>parent</c>.
/// Values are strings here, integers in rows.
/// </summary>
internal sealed class Picklists(JsonObject seed)
{
    /// <summary>True for a known value, and for any value of a picklist the seed leaves open.</summary>
    public bool Allows(EntityDescription entity, FieldDescription field, long value) =>
        Of(entity, field) is not { } values || values.ContainsKey(Key(value));

    /// <summary>The value of the parent picklist that a value belongs to; null when it belongs to none.</summary>
    public long? Parent(EntityDescription entity, FieldDescription field, long value) =>
        Of(entity, field)?[Key(value)] is JsonObject said ? Row.Long(said, "parent") : null;

    public JsonArray Shown(EntityDescription entity, FieldDescription field) => Shown(Of(entity, field) ?? []);

    /// <summary>Unless a value is said to be the default, the first one is; a first value with <c>"default": false</c> leaves the list without one.</summary>
    public static JsonArray Shown(JsonObject values)
    {
        var shown = new JsonArray();
        var marked = values.Any(value => Said(value.Value, "default") is true);
        foreach (var (value, label) in values)
        {
            shown.Add(new JsonObject
            {
                ["value"] = value,
                ["label"] = (label is JsonObject said ? said["label"] : label)?.DeepClone(),
                ["isDefaultValue"] = Said(label, "default") ?? (shown.Count == 0 && !marked),
                ["sortOrder"] = shown.Count + 1,
                ["parentValue"] = (label as JsonObject)?["parent"]?.ToString() ?? "",
                ["isActive"] = Said(label, "active") ?? true,
                ["isSystem"] = Said(label, "system") ?? false,
            });
        }

        return shown;
    }

    private JsonObject? Of(EntityDescription entity, FieldDescription field) => seed[$"{entity.Plural}.{field.Name}"] as JsonObject;

    private static bool? Said(JsonNode? value, string name) => value is JsonObject said && said[name] is { } flag ? (bool)flag : null;

    private static string Key(long value) => value.ToString(CultureInfo.InvariantCulture);
}
