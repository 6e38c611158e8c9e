using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace UsageBilling.Silo.Demo;

/// <summary>Speaks to the api like any portal.</summary>
internal sealed class HubClient : IDisposable
{
    private const int PagesMax = 100;

    private readonly HttpClient http;

    public HubClient(Uri api, string key)
    {
        http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => http.Dispose();

    public async Task<JsonNode> Get(string path, CancellationToken cancellation) => (await Send(HttpMethod.Get, path, null, cancellation)).Body;

    public Task<(HttpStatusCode Status, JsonNode Body)> Post(string path, JsonNode? body, CancellationToken cancellation) => Send(HttpMethod.Post, path, body, cancellation);

    public Task<(HttpStatusCode Status, JsonNode Body)> Put(string path, JsonNode body, CancellationToken cancellation) => Send(HttpMethod.Put, path, body, cancellation);

    /// <summary>Every item of a list, page after page.</summary>
    public async Task<IReadOnlyList<JsonNode>> All(string path, CancellationToken cancellation)
    {
        var items = new List<JsonNode>();
        string? cursor = null;
        for (var page = 0; page < PagesMax; page++)
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var answer = await Get($"{path}{separator}limit=200{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellation);
            items.AddRange(answer["items"]!.AsArray().Select(item => item!));
            cursor = answer["next_cursor"]?.GetValue<string>();
            if (cursor is null) return items;
        }

        throw new DemoException($"{path} has more than {PagesMax} pages.");
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> Send(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        // whatever is there: nobody else changes what the demo sets up
        if (method == HttpMethod.Put) request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        using var answer = await http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var node = text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict) return (answer.StatusCode, node);
        throw new DemoException($"{method} {path} answered {(int)answer.StatusCode}: {node["detail"]?.GetValue<string>() ?? node["title"]?.GetValue<string>() ?? text}");
    }
}
