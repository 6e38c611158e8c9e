using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace UsageBilling.Tests.System.Api.Isolation;

/// <summary>
/// One msp asks for everything of another one, by every route that the api's own document has: what is added to the api is asked by itself. Nothing of the other one is in any answer, and nothing of it changes.
/// </summary>
public sealed partial class TwoMspsTests : IAsyncLifetime
{
    private readonly TwoMsps msps = new();
    private Asked asked = null!;
    private IReadOnlyList<Route> routes = [];

    public async Task InitializeAsync()
    {
        await msps.InitializeAsync();
        asked = new(msps.Night, whose => whose == TwoMsps.Own ? msps.SpareKey : msps.OtherSpareKey);
        routes = await Route.All(msps.Door);
    }

    public Task DisposeAsync() => msps.DisposeAsync();

    [Fact]
    public void Every_route_of_the_api_is_in_its_document()
    {
        var mapped = msps.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(
                endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [],
                (endpoint, method) => $"{method} /{Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "}")}")
            .Where(name => name.Contains(" /v1/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(mapped, routes.Select(route => route.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_table_has_rows_of_both()
    {
        foreach (var table in await msps.Tables())
        {
            var column = table == "msp" ? "id" : "msp_id";
            Assert.True(
                await msps.Scalar<bool>($"select exists (select 1 from {table} where {column} = {TwoMsps.Own.Id}) and exists (select 1 from {table} where {column} = {TwoMsps.Other.Id})"),
                $"{table} has no rows of both msps: give it some in TwoMsps.");
        }
    }

    [Fact]
    public async Task Nothing_of_another_msp_is_seen_or_changed()
    {
        // whoever remembers answers, remembers those of the other one first
        foreach (var route in routes.Where(route => !route.Changes)) await Send(msps.OtherDoor, route, asked.Paths(route, TwoMsps.Other).First(), TwoMsps.Other);
        var before = await msps.Fingerprint(TwoMsps.Other.Id);
        var requests = 0;
        foreach (var route in routes.OrderBy(route => route.Changes))
        {
            foreach (var (path, body, names) in Attempts(route))
            {
                var answer = await Send(msps.Door, route, path, body);
                Judge(route, path, answer, names);
                if (route.Changes) Assert.True(before == await msps.Fingerprint(TwoMsps.Other.Id), $"{route.Name} as {path} changed something of the other msp.");
                requests++;
            }
        }

        Assert.Equal(before, await msps.Fingerprint(TwoMsps.Other.Id));
        Assert.InRange(requests, 2 * routes.Count, int.MaxValue);
    }

    [Fact]
    public async Task Whoever_it_belongs_to_finds_it_by_the_same_requests()
    {
        var lost = new List<string>();
        foreach (var route in routes.OrderBy(route => route.Method == HttpMethod.Delete).ThenBy(route => route.Changes))
        {
            var answers = new List<Answer>();
            foreach (var path in asked.Paths(route, TwoMsps.Other)) answers.Add(await Send(msps.OtherDoor, route, path, TwoMsps.Other));
            if (answers.TrueForAll(answer => answer.Status is 404 or 405 or 400 or 415 or >= 500)) lost.Add($"{route.Name}: {answers[0].Status} {answers[0].Text}");
            else if (!route.Changes && !answers.Exists(answer => answer.Text.Contains(TwoMsps.Other.Word, StringComparison.OrdinalIgnoreCase) || OtherIds().IsMatch(answer.Text)) && !Wordless.Contains(route.Name))
                lost.Add($"{route.Name} shows nothing that is the msp's: {answers[0].Text}");
        }

        Assert.True(lost.Count == 0, string.Join("\n", lost));
    }

    /// <summary>Answers in which nothing says whose they are.</summary>
    private static readonly HashSet<string> Wordless =
    [
        "GET /v1/products", "GET /v1/msp/proration", "GET /v1/mappings/summary", "GET /v1/review/summary", "GET /v1/mappings/suggestions", "GET /v1/lines/{id}/ledger", "GET /v1/integrations/{id}/unit-timing",
        "GET /v1/integrations/{id}/organizations/{organization}/settings",
        "GET /v1/cluster",
    ];

    /// <summary>Routes that answer for each of many: that none of them was taken is in the answer.</summary>
    private static readonly HashSet<string> ByItem = ["POST /v1/mappings/bulk", "POST /v1/mappings/import", "POST /v1/lines/import"];

    /// <summary>Addresses and bodies that name the other msp's things in every place but those before it, and then filters.</summary>
    private IEnumerable<(string Path, MspNumbers? Body, bool Names)> Attempts(Route route)
    {
        var places = route.Path.Count(parameter => parameter.IsId);
        if (route.Path.Count > 0)
        {
            for (var own = 0; own < Math.Max(1, places); own++)
            {
                MspNumbers[] whose = [.. Enumerable.Repeat(TwoMsps.Own, own), TwoMsps.Other];
                foreach (var path in asked.Paths(route, whose)) yield return (path, TwoMsps.Own, Names: places > 0 || route.Path[0].Name == "id");
                if (own > 0)
                    foreach (var path in asked.Paths(route, [TwoMsps.Other, .. Enumerable.Repeat(TwoMsps.Own, own)])) yield return (path, TwoMsps.Own, Names: true);
            }
        }

        foreach (var path in asked.Paths(route, TwoMsps.Own)) yield return (path, TwoMsps.Other, Names: asked.BodyNames(route));
        foreach (var query in asked.Queries(route, TwoMsps.Other))
            foreach (var path in asked.Paths(route, TwoMsps.Own)) yield return ($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}", TwoMsps.Own, Names: false);
    }

    private static void Judge(Route route, string path, Answer answer, bool names)
    {
        var said = $"{route.Name} as {path}: {answer.Status} {answer.Text}";
        Assert.True(answer.Status < 500, said);
        Assert.False(answer.Text.Contains(TwoMsps.Other.Word, StringComparison.OrdinalIgnoreCase), said);
        if (answer.Status >= 300) return;
        Assert.False(names && !ByItem.Contains(route.Name), said);
        Assert.True(!ByItem.Contains(route.Name) || answer.Text.Contains("\"mapped\":0", StringComparison.Ordinal) || answer.Text.Contains("\"changed\":0", StringComparison.Ordinal), said);
        Assert.False(OtherIds().IsMatch(answer.Text) || OtherIds().IsMatch(answer.Location ?? ""), said);
    }

    private async Task<Answer> Send(Door door, Route route, string path, MspNumbers? body)
    {
        var text = body is null ? null : asked.Body(route, body);
        return await door.Send(route.Method, path, text is null ? null : new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue(route.MediaType)), Headers(route, path));
    }

    /// <summary>The same for both msps: what is remembered by such a header may not be found by it in another msp.</summary>
    private static IReadOnlyList<(string Name, string Value)> Headers(Route route, string path) =>
        route.TakesIfMatch ? [("Idempotency-Key", Uri.EscapeDataString(path)), ("If-Match", "*")] : [("Idempotency-Key", Uri.EscapeDataString(path))];

    [GeneratedRegex(@"(?<!\d)70030[0-3](?!\d)")]
    private static partial Regex OtherIds();

    [GeneratedRegex(@":[a-z]+\}")]
    private static partial Regex Constraint();
}
