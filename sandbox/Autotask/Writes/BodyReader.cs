using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Writes;

/// <summary>Turns a body into typed properties of an entity and checks each by itself. Properties nobody knows are ignored, as the vendor does.</summary>
internal sealed class BodyReader(AutotaskState state, EntityDescription entity)
{
    private readonly HashSet<string> unreadable = [];

    public List<string> Errors { get; } = [];

    /// <summary>The properties the body lists and a client may set. With <paramref name="listNulls"/> those set to null are in it too.</summary>
    public JsonObject Read(JsonObject body, bool listNulls)
    {
        var read = new JsonObject();
        foreach (var field in entity.Fields.Where(field => !field.IsReadOnly && WireJson.Has(body, field.Name)))
        {
            var node = WireJson.Member(body, field.Name);
            if (node is not null && Checked(field, node) is { } value)
                read[field.Name] = value;
            else if (node is null && listNulls)
                read[field.Name] = null;
        }

        if (entity.HasUserDefinedFields && WireJson.Member(body, "userDefinedFields") is JsonArray userDefined)
            read[Row.UserDefined] = Own(userDefined);
        return read;
    }

    /// <summary>Adds an error for every required property that is not there. One that is there and wrong has its error already.</summary>
    public void RequireAll(JsonObject row) => Errors.AddRange(
        entity.Fields.Where(field => field.IsRequired && !field.IsReadOnly && row[field.Name] is null && !unreadable.Contains(field.Name)).Select(field => field.Name)
            .Concat(state.UserDefinedFields.Of(entity).Where(field => field.IsRequired && UserDefinedFields.Value(row, field.Name) is null).Select(field => field.Name))
            .Select(name => $"{name} is required.; on record number [0]."));

    /// <summary>The tenant's own fields by name; null empties one.</summary>
    private JsonObject Own(JsonArray listed)
    {
        var own = new JsonObject();
        foreach (var item in listed.OfType<JsonObject>())
        {
            var name = WireJson.Member(item, "name")?.ToString() ?? "";
            var value = WireJson.Member(item, "value")?.ToString();
            if (state.UserDefinedFields.Find(entity, name) is not { } field)
                Errors.Add($"Unable to find {name} in the {entity.Singular} Entity.");
            else if (value is not null && field.Objection(value) is { } objection)
                Errors.Add(objection);
            else
                own[field.Name] = value;
        }

        return own;
    }

    private JsonNode? Checked(FieldDescription field, JsonNode node)
    {
        if (FieldValue.Read(field.Type, node) is not { } value)
            return Wrong(field, $"The value {WireJson.Text(node)} of {field.Name} is not of type {field.DataType}.");
        if (field.Length > 0 && value is string text && text.Length > field.Length)
            return Wrong(field, $"{field.Name} may hold at most {field.Length} characters.");
        if (field.References is { } name && value is decimal id && state.Of(EntityCatalogue.ByPlural(name)!).Find((long)id) is null)
            return Wrong(field, $"Value does not reference an existing entity for {field.Name} . ");
        if (field.IsPicklist && value is decimal picked && !state.Picklists.Allows(entity, field, (long)picked))
            return Wrong(field, $"Value does not reference an existing entity for {field.Name} . ");
        return FieldValue.Stored(field.Type, value);
    }

    private JsonNode? Wrong(FieldDescription field, string error)
    {
        unreadable.Add(field.Name);
        Errors.Add(error);
        return null;
    }
}
