using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Autotask.Units;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Writes;

/// <summary>POST creates, PATCH changes what is listed, PUT also empties what is not, DELETE hides. A refusal changes nothing.</summary>
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

    public WriteOutcome Delete(EntityDescription entity, long? parentId, long? id)
    {
        if (state.Of(entity).Find(id) is not { } row || (parentId is not null && Row.Long(row, entity.Child!.Field) != parentId))
            return WriteOutcome.Refused("No message. No matching records found. The logged in Resource may not have the required permissions to delete the data.");
        if (InUse(entity, id))
            return WriteOutcome.Refused($"The {entity.Singular} is in use and can not be deleted.");
        row[Table.Deleted] = true;
        return WriteOutcome.Done(id);
    }

    private WriteOutcome Create(EntityDescription entity, long? parentId, JsonObject body)
    {
        var reader = new BodyReader(state, entity);
        var row = reader.Read(body, listNulls: false);
        if (parentId is not null)
            row[entity.Child!.Field] = parentId;
        reader.RequireAll(row);
        if (Objections(reader, entity, row) is { } refusal)
            return refusal;
        rules.BeforeCreate(entity, row);
        if (LineKind.Of(entity) is { } kind)
            return WriteOutcome.Done(new ServiceLines(state, kind).Add(state.Of(EntityCatalogue.Contracts).Find(parentId)!, row, units: 0));
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

        if (method == "PUT")
            changed.Remove(Row.UserDefined);
        if (asked[Row.UserDefined] is JsonObject own)
            UserDefinedFields.Keep(changed, own);
        reader.RequireAll(changed);
        if (Objections(reader, entity, changed) is { } refusal)
            return refusal;
        rules.BeforeChange(entity, row, changed);
        Replace(row, changed);
        return WriteOutcome.Done(Row.Long(row, "id"));
    }

    private bool InUse(EntityDescription entity, long? id) => EntityCatalogue.All.Any(other =>
        other.Fields.Where(field => field.References == entity.Plural).Any(field => state.Of(other).Rows.Any(row => Row.Long(row, field.Name) == id)));

    /// <summary>The row is looked at as a whole when each property by itself is right.</summary>
    private WriteOutcome? Objections(BodyReader reader, EntityDescription entity, JsonObject row)
    {
        List<string> errors = reader.Errors.Count > 0 ? reader.Errors : [.. rules.Objections(entity, row)];
        return errors.Count > 0 ? WriteOutcome.Refused(errors) : null;
    }

    private static void Replace(JsonObject row, JsonObject changed)
    {
        row.Clear();
        foreach (var (name, value) in changed)
            row[name] = value?.DeepClone();
    }
}
