using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace UsageBilling.Connectors.Http;

/// <summary>Reads fields the way vendors really send them: numbers as texts, flags as 0 and 1, days as midnights in UTC. What cannot be read is null, never a default.</summary>
internal static class JsonFields
{
    /// <summary>The body as JSON, or null when it is none.</summary>
    public static JsonElement? Parse(byte[] body)
    {
        ReadOnlyMemory<byte> text = body;
        if (text.Span.StartsWith("\uFEFF"u8)) text = text[3..];
        if (!Utf8.IsValid(text.Span)) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonElement? Field(this JsonElement row, string name)
        => row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    public static string? Text(this JsonElement row, string name) => row.Field(name) switch
    {
        { ValueKind: JsonValueKind.String } text => NullIfBlank(Unescaped(text)),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static decimal? Number(this JsonElement row, string name) => row.Field(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetDecimal(out var value) ? value : null,
        { ValueKind: JsonValueKind.String } text => decimal.TryParse(Unescaped(text), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
        _ => null,
    };

    public static long? Whole(this JsonElement row, string name)
        => row.Number(name) is { } number && decimal.Truncate(number) == number && number is >= long.MinValue and <= long.MaxValue ? (long)number : null;

    public static bool? Flag(this JsonElement row, string name) => row.Field(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out var value) ? value != 0 : null,
        _ => null,
    };

    /// <summary>The UTC calendar day of an instant; Autotask's days are instants at 00:00Z.</summary>
    public static DateOnly? Day(this JsonElement row, string name)
        => DateTimeOffset.TryParse(row.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? DateOnly.FromDateTime(instant.UtcDateTime)
            : null;

    /// <summary>The text of a JSON string, or null when it is not text at all (half of a surrogate pair).</summary>
    public static string? Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
