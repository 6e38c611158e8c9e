using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Autotask.Entities;

/// <summary>Values as the vendor's server reads them: lenient about numbers in strings and date forms, strict about the rest.</summary>
internal static class FieldValue
{
    /// <summary>The value to compare by: decimal, DateTime (UTC), bool or string. Null when it is not of the field's type.</summary>
    public static IComparable? Read(FieldType type, JsonNode? node)
    {
        if (node is not JsonValue value)
            return null;
        return (type, value.GetValueKind()) switch
        {
            (FieldType.Flag, JsonValueKind.True) => true,
            (FieldType.Flag, JsonValueKind.False) => false,
            (FieldType.Flag, _) => null,
            (FieldType.Instant, JsonValueKind.String) => Instant(value.GetValue<string>()),
            (FieldType.Instant, _) => null,
            (FieldType.Text, JsonValueKind.String) => value.GetValue<string>(),
            (FieldType.Text, JsonValueKind.Number) => value.ToJsonString(),
            (FieldType.Text, _) => null,
            (FieldType.Decimal, _) => Number(value),
            (FieldType.Integer, _) => Whole(value, int.MinValue, int.MaxValue),
            _ => Whole(value, long.MinValue, long.MaxValue),
        };
    }

    /// <summary>The form a value is kept and shown in.</summary>
    public static JsonNode Stored(FieldType type, IComparable value) => (type, value) switch
    {
        (FieldType.Long or FieldType.Integer, decimal number) => JsonValue.Create((long)number),
        (_, decimal number) => JsonValue.Create(number),
        (_, DateTime instant) => JsonValue.Create(Text(instant)),
        (_, bool flag) => JsonValue.Create(flag),
        _ => JsonValue.Create((string)value),
    };

    public static string Text(DateTime instant) => instant.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + "Z";

    public static string Text(DateOnly day) => Text(day.ToDateTime(TimeOnly.MinValue));

    private static DateTime? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant.UtcDateTime : null;

    private static decimal? Number(JsonValue value)
    {
        var text = value.GetValueKind() switch
        {
            JsonValueKind.Number => value.ToJsonString(),
            JsonValueKind.String => value.GetValue<string>(),
            _ => "",
        };
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static decimal? Whole(JsonValue value, decimal least, decimal most) =>
        Number(value) is { } number && decimal.Truncate(number) == number && number >= least && number <= most ? number : null;
}
