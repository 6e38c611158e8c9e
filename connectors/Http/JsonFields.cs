using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace UsageBilling.Connectors.Http;

/// <summary>Reads fields the way vendors really send them: numbers as texts, flags as 0 and 1, days as midnights in UTC. What cannot be read is null, never a default.</summary>
internal static partial class JsonFields
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

    /// <summary>The text of a JSON string. Half a surrogate pair (a name cut in the middle of a sign) becomes U+FFFD; U+0000, which no database takes, goes.</summary>
    public static string? Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString()?.Replace("\0", "", StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return Parse(Encoding.UTF8.GetBytes(LoneSurrogate().Replace(text.GetRawText(), @"\ufffd"))) is { ValueKind: JsonValueKind.String } mended ? mended.GetString() : null;
        }
    }

    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}")]
    private static partial Regex LoneSurrogate();

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
