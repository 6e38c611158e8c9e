using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Portal;

/// <summary>Ten thousand requests that are not as they should be, made of the OpenAPI document: each is refused in our own words, and nothing is stored.</summary>
public sealed class MalformedInputTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private const int Requests = 10_000;
    private const int Seed = 20261122;

    private static readonly string[] Nonsense =
    [
        "", " ", "0", "-1", "987654321012", "9223372036854775808", "1e400", "NaN", "null", "true", "abc", "2026-13-45", "0001-01-01", "9999-12-31", "'; drop table msp; --", "\" or 1=1",
        "%00", "%0d%0aX-Injected: yes", "..%2f..%2fetc%2fpasswd", "{{7*7}}", "<script>", "%FF%FE", "🦆", "ＡＢＣ", new('x', 3000),
    ];

    private static readonly HashSet<string> Codes = [.. ProblemCode.All.Select(kind => kind.Code), .. RefusalCode.All];

    [Fact]
    public async Task Ten_thousand_requests_out_of_shape_are_refused_and_change_nothing()
    {
        var routes = Routes((await hub.Nobody.Get("/openapi/v1.json")).Json);
        var wrong = new ConcurrentQueue<string>();
        using var client = new HttpClient { BaseAddress = hub.BaseUrl };
        var key = await hub.Key(hub.Msp, Runtime.Keys.ApiScope.Superuser);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var before = await Everything();

        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, cancellation) =>
        {
            using var request = new Maker(routes, Seed + number).Make();
            var said = $"{number}: {request.Method} {request.RequestUri!.OriginalString[..Math.Min(200, request.RequestUri.OriginalString.Length)]}";
            using var answer = await client.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (Objection(request, answer, text) is { } objection) wrong.Enqueue($"{said}: {objection} {(int)answer.StatusCode} {text[..Math.Min(300, text.Length)]}");
        });

        Assert.True(wrong.IsEmpty, string.Join("\n", wrong.Take(20)));
        Assert.Equal(before, await Everything());
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_refused_unread()
    {
        var answer = await hub.Operator.PostText("/v1/organizations", $$"""{"name": "{{new string('x', 2 * 1024 * 1024)}}"}""");

        Assert.Equal("413 body_too_large", answer.Problem);
    }

    [Fact]
    public async Task A_header_with_a_line_break_never_reaches_the_answer()
    {
        var answer = await hub.Operator.Send(HttpMethod.Get, "/v1/organizations?q=%0d%0aX-Injected:%20yes", null);

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("X-Injected", answer.Headers.Keys);
    }

    private static string? Objection(HttpRequestMessage request, HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;
        if (status >= 500) return "a failure of ours";
        if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Npgsql", StringComparison.Ordinal)) return "tells of our insides";
        if (answer.Headers.Contains("X-Injected")) return "was injected";
        if (status < 400) return request.Method == HttpMethod.Get ? null : "was accepted";
        // What no address may have, or that is too long for one, is refused by the server itself, before anything of ours runs
        var address = request.RequestUri!.OriginalString;
        if (text.Length == 0 && ((status == 400 && address.Contains("%00", StringComparison.Ordinal)) || (status == 414 && address.Length > 8000))) return null;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return "is no problem+json";
        return Codes.Contains((string)JsonNode.Parse(text)!["code"]!) ? null : "has a code that is not in the catalogue";
    }

    /// <summary>A hash of every table that requests could write, but for when a key was used last.</summary>
    private async Task<string> Everything()
    {
        var tables = new List<string>();
        await using (var command = hub.Source.CreateCommand("select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relispartition and relname not in ('api_key') order by 1"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        }

        var hashes = new List<string>();
        foreach (var table in tables)
        {
#pragma warning disable CA2100 // names from the catalog
            await using var hash = hub.Source.CreateCommand($"select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from \"{table}\" t");
#pragma warning restore CA2100
            hashes.Add($"{table} {await hash.ExecuteScalarAsync()}");
        }

        return string.Join('\n', hashes);
    }

    private static List<Route> Routes(JsonNode document) =>
    [
        .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => new Route(
            operation.Key.ToUpperInvariant(), path.Key,
            [.. (operation.Value!["parameters"]?.AsArray() ?? []).Where(one => (string?)one!["in"] == "query").Select(one => (string)one!["name"]!)],
            operation.Value!["requestBody"]?["content"]?["application/json"]?["example"]?.ToJsonString(), (string?)operation.Value!["requestBody"]?["content"]?["text/csv"]?["example"],
            operation.Value!["parameters"]?.AsArray().Any(one => (string?)one!["name"] == "If-Match") == true)).Where(route => !route.Path.EndsWith("/events", StringComparison.Ordinal)),
    ];

    private sealed record Route(string Method, string Path, IReadOnlyList<string> Query, string? Example, string? Table, bool TakesIfMatch);

    /// <summary>One request from one seed.</summary>
    private sealed class Maker(List<Route> routes, int seed)
    {
#pragma warning disable RS0030 // a test's dice, from a seed
        private readonly Random dice = new(seed);
#pragma warning restore RS0030

        public HttpRequestMessage Make()
        {
            var route = routes[dice.Next(routes.Count)];
            var path = string.Join('/', route.Path.Split('/').Select(part => part.Contains('{', StringComparison.Ordinal) ? Place(part) : part));
            var query = string.Join('&', route.Query.Where(_ => dice.Next(2) == 0).Concat(dice.Next(3) == 0 ? ["zzz"] : []).Select(name => $"{name}={Escaped()}"));
            var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri($"{path}?{query}", UriKind.Relative)) { Content = route.Example is { } example ? Body(example) : route.Table is { } table ? Csv(table) : null };
            if (route.TakesIfMatch && dice.Next(4) > 0) request.Headers.TryAddWithoutValidation("If-Match", dice.Next(3) == 0 ? "\"no tag of ours\", W/\"nor this\", nonsense" : "*");
            return request;
        }

        private string Place(string part) => part[..part.IndexOf('{', StringComparison.Ordinal)] + Escaped() + part[(part.LastIndexOf('}') + 1)..];

        /// <summary>Part of an address that names nothing.</summary>
        private string Escaped()
        {
            var word = Nonsense[dice.Next(Nonsense.Length)];
            return word.Contains('%', StringComparison.Ordinal) ? word : Uri.EscapeDataString(word.Length == 0 ? "~" : word);
        }

        private ByteArrayContent Body(string example)
        {
            var content = new ByteArrayContent(dice.Next(8) switch
            {
                0 => Encoding.UTF8.GetBytes(example)[..^1],
                1 => [.. Encoding.UTF8.GetBytes("{\"name\": \""), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}")],
                2 => Encoding.UTF8.GetBytes(new string('[', 5000)),
                3 => Encoding.UTF8.GetBytes($"{{\"zzz\": {new string('[', 60)}{new string(']', 60)}}}"),
                4 => Encoding.UTF8.GetBytes("[1, 2, 3]"),
                5 => Encoding.UTF8.GetBytes("\"" + Nonsense[dice.Next(Nonsense.Length)] + "\""),
                _ => Encoding.UTF8.GetBytes(Twisted(example)),
            });
            content.Headers.ContentType = new(dice.Next(20) == 0 ? "text/plain" : "application/json");
            return content;
        }

        /// <summary>A table that is none, or names nothing that is there.</summary>
        private ByteArrayContent Csv(string table)
        {
            var content = new ByteArrayContent(dice.Next(5) switch
            {
                0 => Encoding.UTF8.GetBytes(table + "\"open"),
                1 => [.. Encoding.UTF8.GetBytes(table), 0xC3, 0x28],
                2 => Encoding.UTF8.GetBytes("zzz," + table),
                3 => Encoding.UTF8.GetBytes(Nonsense[dice.Next(Nonsense.Length)]),
                _ => Encoding.UTF8.GetBytes(table + ",,,,,,\n"),
            });
            content.Headers.ContentType = new(dice.Next(20) == 0 ? "text/plain" : "text/csv");
            return content;
        }

        /// <summary>The example with other values in some places, and one field that nobody knows.</summary>
        private string Twisted(string example)
        {
            var body = JsonNode.Parse(example)!.AsObject();
            foreach (var name in body.Select(field => field.Key).ToList())
            {
                if (dice.Next(3) == 0) body[name] = Value();
                if (dice.Next(10) == 0) body.Remove(name);
            }

            // a field without a value is an absent one where a body is read field by field
            body["zzz"] = Value() ?? 0;
            return body.ToJsonString();
        }

        private JsonNode? Value() => dice.Next(7) switch
        {
            0 => null,
            1 => dice.Next(2) == 0,
            2 => long.MinValue,
            3 => 1.5e300,
            4 => new JsonObject { ["a"] = new JsonArray() },
            5 => new JsonArray(1, "x", null),
            _ => Nonsense[dice.Next(Nonsense.Length)],
        };
    }
}
