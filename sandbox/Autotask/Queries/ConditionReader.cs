using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Queries;

/// <summary>Reads a filter. Whatever is wrong with it goes to <see cref="Errors"/>; the condition is then of no use.</summary>
internal sealed class ConditionReader(EntityDescription entity, UserDefinedFields tenants)
{
    private const int OrTermsMax = 500;
    private const int UserDefinedMax = 1;

    private static readonly HashSet<string> Operators =
        ["eq", "noteq", "gt", "gte", "lt", "lte", "beginswith", "endswith", "contains", "exist", "notexist", "in", "notin"];

    private int orTerms;
    private int userDefined;

    public List<string> Errors { get; } = [];

    public Condition Read(JsonArray filter)
    {
        var all = new Condition.Group(false, [.. filter.Select(Item)]);
        if (orTerms > OrTermsMax)
            Errors.Add($"Queries are limited to {OrTermsMax} or fewer 'OR' conditions.");
        if (userDefined > UserDefinedMax)
            Errors.Add("Queries are limited to one user-defined field condition.");
        return all;
    }

    private Condition Item(JsonNode? node)
    {
        if (node is not JsonObject item)
            return Wrong("A filter item must be an object with op and field, or with op and items.");
        var op = (WireJson.Member(item, "op") as JsonValue)?.ToString().ToLowerInvariant() ?? "";
        if (op is "and" or "or")
            return Group(op == "or", item);
        if (!Operators.Contains(op))
            return Wrong($"'{op}' is not a filter operator.");
        return Comparison(op, item);
    }

    private Condition.Group Group(bool any, JsonObject item)
    {
        if (WireJson.Member(item, "items") is not JsonArray { Count: > 0 } items)
            return Wrong("A group must have items.");
        if (any)
            orTerms += items.Count;
        return new Condition.Group(any, [.. items.Select(Item)]);
    }

    private Condition Comparison(string op, JsonObject item)
    {
        var name = (WireJson.Member(item, "field") as JsonValue)?.ToString() ?? "";
        if (FieldValue.Read(FieldType.Flag, WireJson.Member(item, "udf")) is true)
        {
            userDefined++;
            return tenants.Find(entity, name) is { } own
                ? Compared(op, item, own.Compared, row => UserDefined(row, own))
                : Wrong($"Unable to find {name} in the {entity.Singular} Entity.");
        }

        if (entity.Field(name) is not { IsQueryable: true, IsWriteOnly: false } field)
            return Wrong($"Unable to find {name} in the {entity.Singular} Entity.");
        return Compared(op, item, field.Type, row => FieldValue.Read(field.Type, row[field.Name]));
    }

    private Condition Compared(string op, JsonObject item, FieldType type, Func<JsonObject, IComparable?> left)
    {
        if (op is "exist" or "notexist")
            return new Condition.Comparison(op, left, []);
        var value = WireJson.Member(item, "value");
        var asText = op is "beginswith" or "endswith" or "contains";
        List<IComparable> right = [];
        foreach (var one in op is "in" or "notin" ? value as JsonArray ?? [] : new JsonArray(value?.DeepClone()))
        {
            if (FieldValue.Read(asText ? FieldType.Text : type, one) is { } read)
                right.Add(read);
            else
                return Wrong($"Conversion failed when converting varchar '{one}' to data type {SqlType(type)}");
        }

        return right.Count > 0 ? new Condition.Comparison(op, left, right) : Wrong($"'{op}' needs a value.");
    }

    private static IComparable? UserDefined(JsonObject row, UserDefinedField field) =>
        UserDefinedFields.Value(row, field.Name) is { } value ? FieldValue.Read(field.Compared, JsonValue.Create(value)) : null;

    private static string SqlType(FieldType type) => type switch
    {
        FieldType.Long => "bigint",
        FieldType.Integer => "int",
        FieldType.Decimal => "decimal",
        FieldType.Instant => "datetime",
        FieldType.Flag => "bit",
        _ => "varchar",
    };

    private Condition.Group Wrong(string error)
    {
        Errors.Add(error);
        return new Condition.Group(true, []);
    }
}
