using System.Text.Json;

namespace UsageBilling.Connectors.Http;

/// <summary>Reads <c>{"errors":["…"]}</c>, the way Autotask explains a refusal. Tolerates objects with a message in place of texts.</summary>
internal static class ErrorTexts
{
    private const int TextsMax = 20;

    public static IReadOnlyList<string> From(byte[] body)
        => JsonFields.Parse(body)?.Field("errors") is { ValueKind: JsonValueKind.Array } errors ? [.. errors.EnumerateArray().Take(TextsMax).Select(Text)] : [];

    private static string Text(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.String => JsonFields.Unescaped(error) ?? "(unreadable)",
        JsonValueKind.Object => error.Text("message") ?? error.GetRawText(),
        _ => error.GetRawText(),
    };
}
