using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Connectors.Autotask;

/// <summary>A query of one entity. Conditions are all to hold; rows come ordered by id.</summary>
internal sealed class AutotaskQuery
{
    public const int RowsPerPage = 500;
    private readonly JsonArray _filter;
    private readonly string[] _fields;

    private AutotaskQuery(string entity, string[] fields, JsonNode[] conditions)
    {
        Entity = entity;
        _fields = fields;
        _filter = new JsonArray(conditions);
    }

    public string Entity { get; }

    public string Path => Entity + "/query";

    /// <summary>The question how many rows there are, apart from the rows.</summary>
    public string CountPath => Entity + "/query/count";

    public JsonObject Body
    {
        get
        {
            var body = new JsonObject { ["filter"] = _filter.DeepClone(), ["MaxRecords"] = RowsPerPage };
            if (_fields.Length > 0) body["IncludeFields"] = new JsonArray([.. _fields.Select(name => (JsonNode)name)]);
            return body;
        }
    }

    public JsonObject CountBody => new() { ["filter"] = _filter.DeepClone() };

    /// <param name="fields">What to return; nothing means everything.</param>
    public static AutotaskQuery Of(string entity, string[] fields, params JsonNode[] conditions) => new(entity, fields, conditions);

    public static JsonNode Is(string field, long value) => Condition("eq", field, value);

    public static JsonNode Is(string field, string value) => Condition("eq", field, value);

    public static JsonNode AtLeast(string field, long value) => Condition("gte", field, value);

    public static JsonNode OneOf(string field, IEnumerable<long> values) => Condition("in", field, new JsonArray([.. values.Select(value => (JsonNode)value)]));

    public static JsonNode Through(string field, DateOnly day) => Condition("lte", field, Text(day, "T23:59:59"));

    public static JsonNode From(string field, DateOnly day) => Condition("gte", field, Text(day, "T00:00:00"));

    private static JsonObject Condition(string op, string field, JsonNode value) => new() { ["op"] = op, ["field"] = field, ["value"] = value };

    private static string Text(DateOnly day, string time) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + time;
}
