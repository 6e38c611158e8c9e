using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask.Queries;

/// <summary>Where a page starts. Opaque to clients; shaped like the vendor's.</summary>
/// <param name="Before">Starts of the pages before this one, oldest first.</param>
/// <param name="After">The page holds rows with ids above this.</param>
internal sealed record PageToken(int PageSize, IReadOnlyList<long> Before, long After)
{
    private const long BeforeEverything = -1;

    public static PageToken First(int pageSize) => new(pageSize, [], BeforeEverything);

    public PageToken Next(long lastId) => new(PageSize, [.. Before, After], lastId);

    public PageToken? Previous() => Before.Count == 0 ? null : new PageToken(PageSize, [.. Before.Take(Before.Count - 1)], Before[^1]);

    public static PageToken? Parse(string text)
    {
        if (WireJson.ObjectFrom(text) is not { } token
            || Row.Long(token, "pageSize") is not { } size || size is < 1 or > QueryRequest.RecordsMax
            || token["nextIds"] is not JsonArray { Count: 1 } nextIds || FieldValue.Read(FieldType.Long, nextIds[0]) is not decimal after
            || token["previousIds"] is not JsonArray previousIds)
            return null;
        List<long> before = [];
        foreach (var id in previousIds)
        {
            if (FieldValue.Read(FieldType.Long, id) is not decimal start)
                return null;
            before.Add((long)start);
        }

        return new PageToken((int)size, before, (long)after);
    }

    /// <summary>For a url, with the vendor's lower-case escapes.</summary>
    public string Escaped()
    {
        var token = new JsonObject
        {
            ["pageSize"] = PageSize,
            ["previousIds"] = new JsonArray([.. Before.Select(id => JsonValue.Create(id))]),
            ["nextIds"] = new JsonArray(JsonValue.Create(After)),
        };
        return WireJson.Text(token)
            .Replace("{", "%7b", StringComparison.Ordinal).Replace("}", "%7d", StringComparison.Ordinal)
            .Replace("[", "%5b", StringComparison.Ordinal).Replace("]", "%5d", StringComparison.Ordinal)
            .Replace("\"", "%22", StringComparison.Ordinal).Replace(":", "%3a", StringComparison.Ordinal)
            .Replace(",", "%2c", StringComparison.Ordinal);
    }
}
