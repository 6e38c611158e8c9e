using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Queries;

/// <summary>A query as asked. <paramref name="Include"/> null means every property.</summary>
internal sealed record QueryRequest(Condition Filter, IReadOnlyList<FieldDescription>? Include, int MaxRecords)
{
    public const int RecordsMax = 500;

    /// <summary>The request, or what is wrong with it.</summary>
    public static (QueryRequest? Request, IReadOnlyList<string> Errors) Read(EntityDescription entity, UserDefinedFields userDefined, JsonObject? body)
    {
        if (body is null)
            return (null, ["The query is not a JSON object."]);
        var maxRecords = RecordsMax;
        if (WireJson.Member(body, "MaxRecords") is { } asked)
        {
            if (FieldValue.Read(FieldType.Integer, asked) is not (decimal count and >= 1 and <= RecordsMax))
                return (null, [$"maxCountOfRecordsToReturn must be between 1 and {RecordsMax}"]);
            maxRecords = (int)count;
        }

        // an empty filter is nowhere documented as "everything", so nobody should get used to it here
        if (WireJson.Member(body, "filter") is not JsonArray { Count: > 0 } filter)
            return (null, ["The query must have a filter with at least one condition."]);
        var reader = new ConditionReader(entity, userDefined);
        var condition = reader.Read(filter);
        var include = Included(entity, WireJson.Member(body, "IncludeFields") as JsonArray, reader.Errors);
        return reader.Errors.Count > 0 ? (null, reader.Errors) : (new QueryRequest(condition, include, maxRecords), []);
    }

    private static IReadOnlyList<FieldDescription>? Included(EntityDescription entity, JsonArray? names, List<string> errors)
    {
        if (names is not { Count: > 0 })
            return null;
        HashSet<FieldDescription> fields = [];
        foreach (var name in names)
        {
            if (entity.Field(name?.ToString() ?? "") is { } field)
                fields.Add(field);
            else
                errors.Add($"Unable to find {name} in the {entity.Singular} Entity.");
        }

        return [.. entity.Fields.Where(fields.Contains)];
    }
}
