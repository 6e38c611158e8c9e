using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Routes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Asking;

/// <summary>
/// What a list is asked for. Names come in any casing; a criterion that nobody knows is passed over, as the vendor's model binding does. Each one is read once and
/// answered as a test of a value, so that a bad value is told also when there are no rows.
/// </summary>
internal sealed class Criteria(Func<string, IReadOnlyList<string>> values)
{
    public List<string> Errors { get; } = [];

    public static Criteria Of(Ask ask, BmsRoute route)
    {
        if (route.Criteria != CriteriaPlace.Body)
        {
            var prefix = route.Criteria == CriteriaPlace.Filter ? "Filter." : "";
            return new Criteria(name => [.. ask.Query[prefix + name].OfType<string>().Where(value => value.Length > 0)]);
        }

        var filter = WireJson.ObjectFrom(ask.Body) is { } body ? WireJson.Member(body, "Filter") as JsonObject : null;
        return new Criteria(name => filter is null ? [] : Texts(WireJson.Member(filter, name)));
    }

    /// <summary>Part of the text, in any casing.</summary>
    public Func<string?, bool> Contains(string name)
    {
        var asked = First(name);
        return actual => asked is null || (actual ?? "").Contains(asked, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The whole text in any casing, or one of several with commas between.</summary>
    public Func<string?, bool> OneOf(string name)
    {
        var asked = values(name).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return actual => asked.Count == 0 || (actual is not null && asked.Contains(actual));
    }

    /// <summary>One of the numbers, with commas between or each by itself.</summary>
    public Func<int?, bool> AnyOf(string name)
    {
        var asked = values(name).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(value => Whole(name, value)).ToHashSet();
        return actual => asked.Count == 0 || asked.Contains(actual);
    }

    public Func<decimal?, bool> Exactly(string name)
    {
        decimal? asked = First(name) is { } text
            ? Read<decimal>(name, text, value => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null)
            : null;
        return actual => asked is null || actual == asked;
    }

    /// <summary><c>true</c>, <c>1</c>, <c>false</c> or <c>0</c>; null when it is not asked for.</summary>
    public bool? Flag(string name) => First(name) is not { } text
        ? null
        : Read<bool>(name, text, value => value.ToUpperInvariant() switch { "TRUE" or "1" => true, "FALSE" or "0" => false, _ => null });

    public Func<bool, bool> Is(string name)
    {
        var asked = Flag(name);
        return actual => asked is null || actual == asked;
    }

    /// <summary>From <c>nameFrom</c> to <c>nameTo</c>, both included.</summary>
    public Func<DateTimeOffset?, bool> Between(string name)
    {
        var from = Instant(name + "From");
        var to = Instant(name + "To");
        return actual => (from is null || actual >= from) && (to is null || actual <= to);
    }

    private DateTimeOffset? Instant(string name) => First(name) is { } text ? Read<DateTimeOffset>(name, text, value => Cell.Instant(value)) : null;

    private int? Whole(string name, string text) => Read<int>(name, text, value => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    private T? Read<T>(string name, string text, Func<string, T?> read)
        where T : struct
    {
        if (read(text) is { } value)
            return value;
        Errors.Add($"The value '{text}' is not valid for {name}.");
        return null;
    }

    private string? First(string name) => values(name) is [var first, ..] ? first : null;

    private static IReadOnlyList<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray several => [.. several.SelectMany(Texts)],
        _ => (Cell.Text(node) ?? node.ToJsonString()) is { Length: > 0 } text ? [text] : [],
    };
}
