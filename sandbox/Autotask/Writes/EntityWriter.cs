using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Autotask.Units;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Writes;

/// <summary>POST creates, PATCH changes what is listed, PUT also empties what is not. A refusal changes nothing.</summary>
internal sealed class EntityWriter(AutotaskState state, SandboxClock clock)
{
    private readonly RowRules rules = new(state, clock);

    /// <param name="parentId">The parent in the url; null on root urls.</param>
    public WriteOutcome Write(string method, EntityDescription entity, long? parentId, JsonObject body)
    {
        if (parentId is not null && state.Of(EntityCatalogue.ByPlural(entity.Child!.Parent)!).Find(parentId) is null)
            return WriteOutcome.Refused($"Value does not reference an existing entity for {entity.Child!.Field} . ");
        return method == "POST" ? Create(entity, parentId, body) : Change(method, entity, parentId, body);
    }

    private WriteOutcome Create(EntityDescription entity, long? parentId, JsonObject body)
    {
        var reader = new BodyReader(state, entity);
        var row = reader.Read(body, listNulls: false);
        if (parentId is not null)
            row[entity.Child!.Field] = parentId;
        reader.RequireAll(row);
        reader.Errors.AddRange(rules.Objections(entity, row));
        if (reader.Errors.Count > 0)
            return WriteOutcome.Refused(reader.Errors);
        rules.BeforeCreate(entity, row);
        if (entity == EntityCatalogue.ContractServices)
            return WriteOutcome.Done(new ServiceLines(state).Add(state.Of(EntityCatalogue.Contracts).Find(parentId)!, row, units: 0));
        return WriteOutcome.Done(state.Of(entity).Insert(row));
    }

    private WriteOutcome Change(string method, EntityDescription entity, long? parentId, JsonObject body)
    {
        var id = FieldValue.Read(FieldType.Long, WireJson.Member(body, "id"));
        var row = state.Of(entity).Find((long?)(decimal?)id);
        if (row is null || (parentId is not null && Row.Long(row, entity.Child!.Field) != parentId))
            return WriteOutcome.Refused("No matching records found.");
        var reader = new BodyReader(state, entity);
        var asked = reader.Read(body, listNulls: true);
        var changed = (JsonObject)row.DeepClone();
        foreach (var field in entity.Fields.Where(field => !field.IsReadOnly))
        {
            var listed = asked.TryGetPropertyValue(field.Name, out var value);
            if (field.IsFixed && listed && !JsonNode.DeepEquals(value, row[field.Name]))
                reader.Errors.Add($"{field.Name} can not be changed after create.");
            else if (!field.IsFixed && (listed || method == "PUT"))
                changed[field.Name] = value?.DeepClone();
        }

        if (asked["userDefinedFields"] is { } userDefined)
            changed["userDefinedFields"] = userDefined.DeepClone();
        reader.RequireAll(changed);
        reader.Errors.AddRange(rules.Objections(entity, changed));
        if (reader.Errors.Count > 0)
            return WriteOutcome.Refused(reader.Errors);
        rules.BeforeChange(entity, row, changed);
        Replace(row, changed);
        return WriteOutcome.Done(Row.Long(row, "id"));
    }

    private static void Replace(JsonObject row, JsonObject changed)
    {
        row.Clear();
        foreach (var (name, value) in changed)
            row[name] = value?.DeepClone();
    }
}
