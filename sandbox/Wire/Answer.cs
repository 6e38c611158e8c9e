using System.Text;
using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Wire;

/// <summary>A whole answer as a value, so that a fault can lose it after the work behind it is done.</summary>
internal sealed record Answer(int Status, string ContentType, string Body)
{
    private const string JsonType = "application/json; charset=utf-8";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Answer Json(int status, JsonNode body) => new(status, JsonType, WireJson.Text(body));

    public static Answer Problem(int status, string detail) => new(status, "application/problem+json; charset=utf-8", WireJson.Text(new JsonObject
    {
        ["title"] = status switch { 404 => "Not found", 405 => "Method not allowed", 409 => "Conflict", _ => "Bad request" },
        ["status"] = status,
        ["detail"] = detail,
    }));

    public static Answer Html(int status, string title) =>
        new(status, "text/html; charset=utf-8", $"<!DOCTYPE html><html><head><title>{title}</title></head><body><h2>{title}</h2></body></html>");

    public Answer With(string header, string value) => this with { Headers = [.. Headers, KeyValuePair.Create(header, value)] };

    public async Task Write(HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = Status;
        foreach (var header in Headers)
            response.Headers.Append(header.Key, header.Value);
        if (Status == StatusCodes.Status204NoContent)
            return;
        var bytes = Encoding.UTF8.GetBytes(Body);
        response.ContentType = ContentType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, cancellation);
    }
}
