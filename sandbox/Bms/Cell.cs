using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Bms;

/// <summary>Typed looks at a value, as lenient as the vendor's serializer: numbers and truth may come as texts. Null when it is not of that type.</summary>
internal static class Cell
{
    public static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static int? Int(JsonNode? node) =>
        Number(node) is { } number && decimal.Truncate(number) == number && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    public static decimal? Number(JsonNode? node) =>
        decimal.TryParse(Text(node) ?? node?.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool? Flag(JsonNode? node) => (Text(node) ?? node?.ToJsonString())?.ToUpperInvariant() switch { "TRUE" => true, "FALSE" => false, _ => null };

    public static DateTimeOffset? Instant(JsonNode? node) => Instant(Text(node));

    /// <summary>A date with a time zone, or in UTC when it names none.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    public static string Wire(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>The vendor's serializer writes a double with a point, also when it is whole: <c>25.0</c>.</summary>
    public static JsonNode Double(decimal number) => JsonNode.Parse(number.ToString("0.0#########", CultureInfo.InvariantCulture))!;

    /// <summary>The properties listed, in that order; null where the row knows nothing.</summary>
    public static JsonObject Shown(JsonObject row, IReadOnlyList<string> properties) =>
        new(properties.Select(name => KeyValuePair.Create(name, row[name]?.DeepClone())));
}
