using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Sandbox;

/// <summary>An answer, read whole.</summary>
internal sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Status and body are exactly these; white space between JSON tokens does not count.</summary>
    public void Is(int status, string json) =>
        Assert.Equal($"{status} {JsonNode.Parse(json)!.ToJsonString(Readable)}", $"{Status} {Json.ToJsonString(Readable)}");

    public void IsErrors(int status, params string[] errors) =>
        Is(status, JsonSerializer.Serialize(new { errors }));

    /// <summary>The ids of a page's items, in order.</summary>
    public string Ids => string.Join(" ", Json["items"]!.AsArray().Select(item => item!["id"]!.ToString()));
}
