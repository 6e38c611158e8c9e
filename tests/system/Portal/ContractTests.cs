using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Api.Hosting;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Conventions;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Sandbox.Clients;

namespace UsageBilling.Tests.System.Portal;

/// <summary>The OpenAPI document: what portals are built against.</summary>
public sealed class ContractTests
{
    private const string CheckedIn = "docs/openapi.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_that_is_served_is_the_one_that_is_checked_in()
    {
        var served = (await Document()).ToJsonString(Readable) + "\n";
        var here = Path.Combine(AppContext.BaseDirectory, "openapi.json");
        await File.WriteAllTextAsync(here, served);
        Assert.True(Tree.Text(CheckedIn) == served, $"The api's contract has changed. If that is meant: cp {here} {CheckedIn}");
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_sentence_and_its_answers_and_every_schema_says_what_it_is()
    {
        var document = await Document();
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => (Name: $"{operation.Key} {path.Key}", Said: operation.Value!)).ToList();

        Assert.Equal("3.1.1", (string?)document["openapi"]);
        Assert.Equal([], operations.Where(operation => operation.Said["operationId"] is null || operation.Said["summary"] is null || operation.Said["tags"] is null).Select(operation => operation.Name));
        Assert.Equal([], operations.Where(operation => !Accepts(operation.Said)).Select(operation => operation.Name));
        Assert.Equal([], operations.Where(operation => operation.Said["requestBody"]?["content"]?["application/json"] is { } body && body["example"] is null).Select(operation => operation.Name));
        Assert.Equal([], document["components"]!["schemas"]!.AsObject().Where(schema => schema.Value!["description"] is null && schema.Value["properties"] is not null).Select(schema => schema.Key));
    }

    [Fact]
    public async Task The_types_that_a_portal_generates_from_it_compile()
    {
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(await NodeProgram.Package("openapi-typescript")))!;
        var work = Directory.CreateTempSubdirectory("usagebilling-types-").FullName;
        await File.WriteAllTextAsync(Path.Combine(work, "openapi.json"), (await Document()).ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(work, "portal.ts"), Portal);

        await NodeProgram.Run("node", work, Path.Combine(folder, "node_modules", "openapi-typescript", "bin", "cli.js"), "openapi.json", "-o", "hub.ts");
        await NodeProgram.Run("node", work, Path.Combine(folder, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--strict", "--target", "es2022", "--moduleResolution", "bundler", "--module", "es2022", "portal.ts");

        Directory.Delete(work, recursive: true);
    }

    [Fact]
    public async Task The_page_for_people_needs_nothing_from_elsewhere()
    {
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = await PostgresFixture.FreshDatabase() }, default);
        using var door = new Door(api.BaseUrl, null);

        var page = await door.Get("/docs");
        var named = page.Text.Split('"').Where(text => text.StartsWith('/') || text.Contains("://", StringComparison.Ordinal)).ToList();

        Assert.Equal(["/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"], named);
        Assert.Equal(["text/css", "text/javascript", "text/javascript"], (await Task.WhenAll(named.Select(door.Get))).Select(answer => answer.MediaType));
        Assert.StartsWith("default-src 'none'; script-src 'self';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("404 route_unknown", (await door.Get("/docs/secrets.txt")).Problem);
    }

    /// <summary>A portal's own code: it compiles only if the types have what it uses.</summary>
    private const string Portal = """
        import type { components, operations } from "./hub";

        type Line = components["schemas"]["LineResource"];
        type Problem = components["schemas"]["ProblemResource"];
        type Lines = operations["list_lines"]["responses"]["200"]["content"]["application/json"];

        export const units = (line: Line): string | null | undefined => line.units;
        export const isHeld = (problem: Problem): boolean => problem.code === "not_found";
        export const next = (page: Lines): string | null | undefined => page.next_cursor;
        export const names = (page: Lines): string[] => page.items.map((line) => line.name);
        """;

    private static bool Accepts(JsonNode operation) => operation["responses"]!.AsObject().Any(answer => answer.Key[0] == '2');

    private static async Task<JsonNode> Document()
    {
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = await PostgresFixture.FreshDatabase() }, default);
        using var door = new Door(api.BaseUrl, null);
        return (await door.Get("/openapi/v1.json")).Json;
    }
}
