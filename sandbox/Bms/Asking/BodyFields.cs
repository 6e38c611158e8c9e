using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Asking;

/// <summary>The fields of a body, by names in any casing, each checked by itself. What is wrong is collected and told together.</summary>
/// <param name="Where">Put before the names in errors, for bodies that are lists.</param>
internal sealed record BodyFields(JsonObject Body, List<string> Errors, string Where = "")
{
    public string? Text(string name, bool required)
    {
        var text = Cell.Text(Field(name));
        if (required && string.IsNullOrEmpty(text))
            Errors.Add($"The {Where}{name} field is required.");
        else if (text is null && Field(name) is not null)
            Wrong(name);
        return text;
    }

    public int? Int(string name, bool required, int least = int.MinValue)
    {
        if (Field(name) is not { } node)
            return Absent<int>(name, required);
        if (Cell.Int(node) is not { } number)
            return Wrong<int>(name);
        if (number >= least)
            return number;
        Errors.Add($"The field {Where}{name} must be between {least} and {int.MaxValue}.");
        return null;
    }

    public decimal? Number(string name) => Field(name) is { } node ? Cell.Number(node) ?? Wrong<decimal>(name) : null;

    public bool? Flag(string name, bool required) => Field(name) is { } node ? Cell.Flag(node) ?? Wrong<bool>(name) : Absent<bool>(name, required);

    public DateTimeOffset? Instant(string name, bool required) =>
        Field(name) is { } node ? Cell.Instant(node) ?? Wrong<DateTimeOffset>(name) : Absent<DateTimeOffset>(name, required);

    private JsonNode? Field(string name) => WireJson.Member(Body, name);

    private T? Absent<T>(string name, bool required)
        where T : struct
    {
        if (required)
            Errors.Add($"The {Where}{name} field is required.");
        return null;
    }

    private T? Wrong<T>(string name)
        where T : struct
    {
        Wrong(name);
        return null;
    }

    private void Wrong(string name) => Errors.Add($"The value of {Where}{name} is not valid.");
}
