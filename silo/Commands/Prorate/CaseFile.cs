using System.Text.Json;

namespace UsageBilling.Silo.Commands.Prorate;

/// <summary>A file of cases, in the shape in which published amounts of other systems are collected.</summary>
/// <param name="Unread">Lists that nobody reads.</param>
internal sealed record CaseFile(IReadOnlyList<CaseResult> Results, IReadOnlyList<string> Unread)
{
    /// <summary>The largest file that is read.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    private static readonly Dictionary<string, Func<JsonElement, CaseResult>> Lists = new(StringComparer.Ordinal)
    {
        ["cases"] = CaseResult.Of,
        ["rounding_golden"] = ListedCases.Rounding,
        ["period_golden"] = ListedCases.Boundaries,
        ["ratio_golden"] = ListedCases.Ratio,
    };

    /// <summary>Words about the file, and what no program can compute.</summary>
    private static readonly string[] Remarks = ["schema", "counts", "divergent_conventions", "scenarios_without_public_amounts"];

    /// <summary>Reads and computes a file.</summary>
    /// <returns>Or, in one sentence, why it is no such file.</returns>
    public static (CaseFile? File, string? Objection) Of(ReadOnlyMemory<byte> json)
    {
        try
        {
            var text = WithoutMark(json);
            if (!IsUnicode(text.Span)) return (null, "it has text that is not Unicode.");
            using var document = JsonDocument.Parse(text, Options);
            return Of(document.RootElement);
        }
        catch (JsonException wrong)
        {
            return (null, $"it is not JSON: {wrong.Message}");
        }
    }

    private static (CaseFile? File, string? Objection) Of(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array) return (new([.. root.EnumerateArray().Select(CaseResult.Of)], []), null);
        if (root.ValueKind != JsonValueKind.Object || !root.EnumerateObject().Any(property => Lists.ContainsKey(property.Name)))
            return (null, $"it has none of the lists {string.Join(", ", Lists.Keys)}.");
        var results = new List<CaseResult>();
        foreach (var (name, compute) in Lists)
        {
            if (!root.TryGetProperty(name, out var list)) continue;
            if (list.ValueKind != JsonValueKind.Array) return (null, $"'{name}' is not a list.");
            results.AddRange(list.EnumerateArray().Select(compute));
        }

        return (new(results, [.. root.EnumerateObject().Select(property => property.Name).Where(name => !Lists.ContainsKey(name) && !Remarks.Contains(name))]), null);
    }

    /// <summary>A parser takes half a character for text, and complains only when somebody reads it.</summary>
    private static bool IsUnicode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json) => json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
}
