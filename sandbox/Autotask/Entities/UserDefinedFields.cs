using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>The tenant's own fields from the seed: <c>"Tickets": [{"name":"Usage period","type":"string","length":20}]</c>, of type string, double, datetime or,
/// with a <c>picklist</c>, integer. In rows every value is a text.</summary>
internal sealed class UserDefinedFields
{
    private readonly Dictionary<string, IReadOnlyList<UserDefinedField>> byEntity;

    public UserDefinedFields(JsonObject seed) => byEntity = seed.ToDictionary(
        entity => entity.Key,
        IReadOnlyList<UserDefinedField> (entity) => [.. (entity.Value as JsonArray ?? []).OfType<JsonObject>().Select(UserDefinedField.FromSeed)],
        StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<UserDefinedField> Of(EntityDescription entity) => byEntity.GetValueOrDefault(entity.Plural) ?? [];

    public UserDefinedField? Find(EntityDescription entity, string name) =>
        Of(entity).FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Every field of the entity with the row's value, null where it has none.</summary>
    public JsonArray Shown(EntityDescription entity, JsonObject row) => new(
    [
        .. Of(entity).Select(field => new JsonObject { ["name"] = field.Name, ["value"] = Value(row, field.Name) }),
    ]);

    /// <summary>What a row has in one of its fields.</summary>
    public static string? Value(JsonObject row, string name) => Kept(row)?[name] is { } kept ? (string?)kept : null;

    /// <summary>Puts values into a row; null takes one away.</summary>
    public static void Keep(JsonObject row, JsonObject values)
    {
        var kept = Kept(row) ?? [];
        foreach (var (name, value) in values)
            kept[name] = value?.DeepClone();
        row[Row.UserDefined] = kept.DeepClone();
    }

    private static JsonObject? Kept(JsonObject row) => row[Row.UserDefined] as JsonObject;
}

/// <summary>One field that a tenant has added to an entity.</summary>
/// <param name="Type">As metadata says it: string, double, datetime or integer.</param>
internal sealed record UserDefinedField(string Name, string Label, string Type, int Length, bool IsRequired, JsonObject? Picklist)
{
    private const int LengthMax = 8000;

    /// <summary>How values are compared.</summary>
    public FieldType Compared => Type switch
    {
        "double" => FieldType.Decimal,
        "datetime" => FieldType.Instant,
        "integer" => FieldType.Integer,
        _ => FieldType.Text,
    };

    public static UserDefinedField FromSeed(JsonObject seed)
    {
        var name = Row.Text(seed, "name") ?? throw new SandboxCannotStartException("A user-defined field in the seed has no name.", null);
        var type = Row.Text(seed, "type") ?? "string";
        if (type is not ("string" or "double" or "datetime" or "integer"))
            throw new SandboxCannotStartException($"The user-defined field {name} is of type {type}; it can be string, double, datetime or integer.", null);
        return new UserDefinedField(
            name,
            Row.Text(seed, "label") ?? name,
            type,
            type == "string" ? (int)(Row.Long(seed, "length") ?? LengthMax) : 0,
            Row.Flag(seed, "required"),
            seed["picklist"] as JsonObject);
    }

    /// <summary>Null when the field may hold the text, else why not.</summary>
    public string? Objection(string text)
    {
        if (FieldValue.Read(Compared, JsonValue.Create(text)) is null)
            return $"The value {text} of {Name} is not of type {Type}.";
        if (Length > 0 && text.Length > Length)
            return $"{Name} may hold at most {Length} characters.";
        return Picklist is { } values && !values.ContainsKey(text) ? $"Value does not reference an existing entity for {Name} . " : null;
    }

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["label"] = Label,
        ["type"] = Type,
        ["length"] = Length,
        ["description"] = null,
        ["isRequired"] = IsRequired,
        ["isReadOnly"] = false,
        ["isQueryable"] = true,
        ["isReference"] = false,
        ["referenceEntityType"] = null,
        ["isPickList"] = Picklist is not null,
        ["picklistValues"] = Picklist is null ? null : Picklists.Shown(Picklist),
        ["picklistParentValueField"] = null,
        ["defaultValue"] = "",
        ["isSupportedWebhookField"] = false,
    };
}
