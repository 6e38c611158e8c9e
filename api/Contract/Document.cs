using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using UsageBilling.Api.Explaining;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Resources;
using UsageBilling.Api.Sheets;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Api.Contract;

/// <summary>What the OpenAPI document says besides what follows from the routes and their types.</summary>
internal static class Document
{
    private const string KeyScheme = "api_key";

    /// <summary>What a variable of an example stands for in the document, by the last part of its name.</summary>
    private static readonly Dictionary<string, string> Samples = new()
    {
        ["night"] = "2026-11-21", ["effective_on"] = "2026-11-21", ["night_at"] = "01:30", ["zone"] = "America/New_York", ["name"] = "Northwind", ["remote_id"] = "8",
        ["hash"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", ["sandbox"] = "https://vendor.example",
    };

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            Head(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Name(operation, context.Description.HttpMethod!, context.Description.RelativePath!);
            Conditions.Tell(operation, context.Description.ActionDescriptor.EndpointMetadata);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Tell(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    }

    private static void Tell(OpenApiSchema schema, Type type)
    {
        if (type == typeof(ProblemResource)) TellCodes(schema);
        if (type == typeof(SseItem<NightResource>)) schema.Description = "One server-sent event; its data is the night.";
    }

    /// <summary>What stands in an address as one text is one in the document, too, whatever it is made of.</summary>
    private static void TellAddresses(OpenApiDocument document)
    {
        document.Components!.Schemas![nameof(EntryAddress)] = new OpenApiSchema
        {
            Type = JsonSchemaType.String, Pattern = "^[0-9]+\\.[0-9]+$", Description = "An entry of a line's ledger: its turn, a point, and its number.",
        };
        document.Components.Schemas.Remove(nameof(EntryKey));
    }

    private static void Head(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "UsageBilling",
            Version = "v1",
            Description = "Turns product usage into PSA billing. Every answer that is not 2xx is a problem with a stable code. Money is a decimal text beside its currency; dates are ISO; lists are paged by cursor.",
        };
        document.Servers?.Clear();
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key of one msp: ub_{id}_{secret}. Its scope is viewer, operator or superuser, or one feed.",
        };
        TellAddresses(document);
        document.Security = [new() { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }];
    }

    private static void Name(OpenApiOperation operation, string method, string path)
    {
        if (RequestExample.All.FirstOrDefault(one => one.IsOf(method, path)) is not { } example) return;
        (operation.OperationId, operation.Summary) = (example.Name, example.Summary);
        if (example.Body is not { } body || operation.RequestBody?.Content is not { } contents || !contents.TryGetValue(example.Headers["Content-Type"], out var content)) return;
        var filled = RequestExample.Fill(body, Sample);
        content.Example = example.Headers["Content-Type"] == SheetExport.MediaType ? JsonValue.Create(filled) : JsonNode.Parse(filled);
    }

    private static string Sample(string variable) => Samples.GetValueOrDefault(variable.Split('.')[^1], "17");

    private static void TellCodes(OpenApiSchema schema)
    {
        if (schema.Properties is { } properties && properties.TryGetValue("code", out var property) && property is OpenApiSchema code)
            code.Enum = [.. ProblemCode.All.Select(kind => kind.Code).Concat(RefusalCode.All).Distinct().Order(StringComparer.Ordinal).Select(known => (JsonNode)known)];
    }
}
