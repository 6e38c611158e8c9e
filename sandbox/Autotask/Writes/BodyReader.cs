using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Writes;

/// <summary>Turns a body into typed properties of an entity and checks each by itself. Properties nobody knows are ignored, as the vendor does.</summary>
internal sealed class BodyReader(AutotaskState state, EntityDescription entity)
{
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
            read["userDefinedFields"] = userDefined.DeepClone();
        return read;
    }

    /// <summary>Adds an error for every required property that is not there.</summary>
    public void RequireAll(JsonObject row) => Errors.AddRange(
        entity.Fields
            .Where(field => field.IsRequired && !field.IsReadOnly && row[field.Name] is null)
            .Select(field => $"{field.Name} is required.; on record number [0]."));

    private JsonNode? Checked(FieldDescription field, JsonNode node)
    {
        if (FieldValue.Read(field.Type, node) is not { } value)
            return Wrong($"The value {WireJson.Text(node)} of {field.Name} is not of type {field.DataType}.");
        if (field.Length > 0 && value is string text && text.Length > field.Length)
            return Wrong($"{field.Name} may hold at most {field.Length} characters.");
        if (field.References is { } name && value is decimal id && state.Of(EntityCatalogue.ByPlural(name)!).Find((long)id) is null)
            return Wrong($"Value does not reference an existing entity for {field.Name} . ");
        if (field.IsPicklist && value is decimal picked && !state.Picklists.Allows(entity, field, (long)picked))
            return Wrong($"Value does not reference an existing entity for {field.Name} . ");
        return FieldValue.Stored(field.Type, value);
    }

    private JsonNode? Wrong(string error)
    {
        Errors.Add(error);
        return null;
    }
}
