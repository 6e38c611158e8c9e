using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Api.Contract;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Portal;

/// <summary>The examples of <c>api/requests.http</c>, sent as a person would: from the top, each using what those before it were answered.</summary>
public sealed class RequestExampleTests
{
    [Fact]
    public async Task Every_example_works_against_a_hub_with_a_silo_and_the_pretended_vendors()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await using var silo = await demo.StartSilo();
        await demo.UntilQuiet("the second night");
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString, RunWait = TimeSpan.FromMinutes(1) }, default);
        var known = new Dictionary<string, string>
        {
            ["host"] = api.BaseUrl.ToString().TrimEnd('/'), ["sandbox"] = demo.Hub.Sandbox.BaseUrl.ToString().TrimEnd('/'),
            ["key"] = await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "examples", ApiScope.Superuser, default),
        };
        using var client = new HttpClient();
        var sent = new Sent(client, known);

        foreach (var example in RequestExample.All) await sent.Send(example);

        Assert.True(sent.Surprises.Count == 0, string.Join("\n", sent.Surprises));
    }

    [Fact]
    public async Task Every_route_has_an_example_and_every_example_a_route()
    {
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = await PostgresFixture.FreshDatabase() }, default);
        using var door = new Door(api.BaseUrl, null);

        var routes = (await door.Get("/openapi/v1.json")).Json["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject(), (path, operation) => (Method: operation.Key.ToUpperInvariant(), Path: path.Key.TrimStart('/'))).ToList();

        Assert.Equal([], routes.Where(route => !RequestExample.All.Any(example => example.IsOf(route.Method, route.Path))));
        Assert.Equal([], RequestExample.All.Where(example => !routes.Exists(route => example.IsOf(route.Method, route.Path))).Select(example => example.Name));
        Assert.Equal([], RequestExample.All.GroupBy(example => example.Name).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    /// <summary>What was answered so far, by the name of its request.</summary>
    private sealed class Sent(HttpClient client, Dictionary<string, string> known)
    {
        private const string Answered = ".response.body.$.";

        private readonly Dictionary<string, JsonNode?> answers = [];

        public List<string> Surprises { get; } = [];

        public async Task Send(RequestExample example)
        {
            using var request = new HttpRequestMessage(new(example.Method), RequestExample.Fill(example.Address, Value));
            if (example.Body is { } body) request.Content = new StringContent(RequestExample.Fill(body, Value), Encoding.UTF8, example.Headers["Content-Type"]);
            if (example.Headers.TryGetValue("Authorization", out var authorization)) request.Headers.Add("Authorization", RequestExample.Fill(authorization, Value));
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var json = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(text) : null;
            answers[example.Name] = json;
            var came = answer.IsSuccessStatusCode ? StateOf(json) : $"{(int)answer.StatusCode} {json?["code"]}";
            if (came != example.Expected) Surprises.Add($"{example.Name}: {came ?? "accepted"} {request.RequestUri} {text[..Math.Min(text.Length, 600)]}");
        }

        /// <summary>A run that failed was no success, whatever the status.</summary>
        private static string? StateOf(JsonNode? json) => json is JsonObject one && one["state"] is JsonValue state && state.ToString() == "failed" ? "failed" : null;

        private string Value(string name)
        {
            if (known.TryGetValue(name, out var value)) return value;
            var (request, path) = name.Split(Answered) is [var first, var rest] ? (first, rest) : throw new InvalidOperationException($"{name} is not a variable.");
            var node = answers[request];
            foreach (var step in path.Split('.', '[')) node = step[^1] == ']' ? node!.AsArray().ElementAtOrDefault(int.Parse(step[..^1], null)) : node?[step];
            return node?.ToString() ?? $"(no {name})";
        }
    }
}
