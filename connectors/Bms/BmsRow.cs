using System.Globalization;
using System.Text.Json;
using UsageBilling.Connectors.Http;

namespace UsageBilling.Connectors.Bms;

/// <summary>An object as Kaseya writes it: PascalCase in its description, camelCase on the wire. Names are given in camelCase here and found in either.</summary>
internal readonly record struct BmsRow(JsonElement Json)
{
    public string? Text(string name) => Json.Text(Spelt(name));

    public decimal? Number(string name) => Json.Number(Spelt(name));

    public long? Whole(string name) => Json.Whole(Spelt(name));

    public bool? Flag(string name) => Json.Flag(Spelt(name));

    public BmsRow? Row(string name) => Json.Field(Spelt(name)) is { ValueKind: JsonValueKind.Object } row ? new(row) : null;

    /// <summary>The elements of an array; null when there is none.</summary>
    public IReadOnlyList<JsonElement>? List(string name) => Json.Field(Spelt(name)) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : null;

    /// <summary>The vendor's id as text; null unless it is one.</summary>
    public string? Id(string name) => Whole(name) is > 0 and <= int.MaxValue ? Whole(name)!.Value.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>An instant; one without a zone is taken as UTC.</summary>
    public DateTimeOffset? Instant(string name)
        => DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant.ToUniversalTime() : null;

    /// <summary>The calendar day as it is written. Kaseya's days are midnights of nobody knows which zone: turned into another one they would be the day before.</summary>
    public DateOnly? Day(string name)
        => DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? DateOnly.FromDateTime(instant.DateTime) : null;

    private string Spelt(string name) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out _) ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
