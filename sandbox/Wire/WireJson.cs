using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace UsageBilling.Sandbox.Wire;

/// <summary>How JSON is read and written here: vendors' names as they are, our own control endpoints in snake_case.</summary>
internal static class WireJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
        MaxDepth = 64,
    };

    /// <summary>For control endpoints: an unknown property is a mistake to be told, not ignored.</summary>
    public static JsonSerializerOptions Control { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static string Text(JsonNode node) => node.ToJsonString(Plain);

    /// <summary>A JSON object, or null when the text is anything else.</summary>
    public static JsonObject? ObjectFrom(string text) => From(text) as JsonObject;

    /// <summary>A JSON array, or null when the text is anything else.</summary>
    public static JsonArray? ArrayFrom(string text) => From(text) as JsonArray;

    /// <summary>A property by name in any casing, as Json.NET servers read them.</summary>
    public static JsonNode? Member(JsonObject from, string name)
    {
        if (from.TryGetPropertyValue(name, out var exact))
            return exact;
        foreach (var (key, value) in from)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }

    public static bool Has(JsonObject from, string name) =>
        from.Any(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? From(string text)
    {
        try
        {
            return JsonNode.Parse(text, null, Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
