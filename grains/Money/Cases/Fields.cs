using System.Globalization;
using System.Text.Json;

namespace UsageBilling.Grains.Prorating.Cases;

/// <summary>One JSON object, read field by field. What is wrong with it, and what nobody asked for, is collected by name.</summary>
public sealed class Fields
{
    /// <summary>Dates of this trade; others leave no room to count periods from.</summary>
    private const int YearMin = 1900;
    private const int YearMax = 2999;

    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
    private readonly List<string> given = [];
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly ICollection<Problem> problems;
    private readonly string path;

    public Fields(JsonElement element, string path, ICollection<Problem> problems)
    {
        (this.path, this.problems) = (path, problems);
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new(Problem.ValueInvalid, path.Length == 0 ? null : path.TrimEnd('.'), $"An object is expected here, not {Kind(element)}."));
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            given.Add(property.Name);
            if (property.Value.ValueKind != JsonValueKind.Null) values[property.Name] = property.Value;
        }
    }

    /// <summary>Whether it is the whole, and not a part of another object.</summary>
    public bool IsRoot => path.Length == 0;

    public bool Has(string name) => values.ContainsKey(name);

    public string? Text(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : Wrong<string>(name, "a text", value);

    public decimal? Number(string name) => Find(name) is not { } value ? null : NumberOf(value) ?? Wrong<decimal?>(name, "a number, plain or as text like \"12.50\"", value);

    public int? Whole(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) ? whole : Wrong<int?>(name, "a whole number", value);

    public bool? Flag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : Wrong<bool?>(name, "true or false", value);

    public DateOnly? Date(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && Day(value.GetString()) is { } date) return date;
        problems.Add(new(Problem.DateInvalid, path + name, $"{value.GetRawText()} is not a day of the years 1900 to 2999, written like \"2026-06-30\"."));
        return null;
    }

    public IReadOnlyList<JsonElement> List(string name) => Find(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : Wrong<IReadOnlyList<JsonElement>>(name, "a list", value) ?? [];

    public IReadOnlyList<Fields> Parts(string name) => [.. List(name).Select((item, index) => new Fields(item, $"{path}{name}[{index}].", problems))];

    public Fields? Part(string name) => Find(name) is { } value ? new(value, $"{path}{name}.", problems) : null;

    /// <summary>The value when it is there; otherwise says that it is missing.</summary>
    public T Required<T>(string name, T? value, T instead)
        where T : struct
    {
        Require(name);
        return value ?? instead;
    }

    public string Required(string name, string? value)
    {
        Require(name);
        return value ?? "";
    }

    /// <summary>One of the words of an enumeration, written in snake case.</summary>
    public T? Word<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text) return null;
        foreach (var value in Enum.GetValues<T>())
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) == text) return value;
        Say(name, $"'{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}.");
        return null;
    }

    public void Say(string name, string sentence) => problems.Add(new(Problem.ValueInvalid, path + name, sentence));

    /// <summary>Fields whose content does not matter here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) read.Add(name);
    }

    /// <summary>To be called last: names what nobody asked for.</summary>
    public void Finish()
    {
        foreach (var name in given.Distinct().Where(name => !read.Contains(name)))
            problems.Add(new(Problem.FieldUnknown, path + name, $"Nobody reads a field called '{name}' here."));
    }

    public static decimal? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
        JsonValueKind.String when decimal.TryParse(value.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= YearMin and <= YearMax ? date : null;

    private JsonElement? Find(string name)
    {
        read.Add(name);
        return values.TryGetValue(name, out var value) ? value : null;
    }

    private void Require(string name)
    {
        if (!values.ContainsKey(name)) problems.Add(new(Problem.FieldMissing, path + name, $"'{name}' must be there."));
    }

    private T? Wrong<T>(string name, string expected, JsonElement value)
    {
        Say(name, $"This must be {expected}, not {Kind(value)}.");
        return default;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null => "nothing",
        _ => value.GetRawText() is { Length: <= 60 } text ? text : "a long text",
    };
}
