using Microsoft.OpenApi;
using UsageBilling.Api.Versions;

namespace UsageBilling.Api.Contract;

/// <summary>What the OpenAPI document says of tags and conditions: the headers, where they are taken and given.</summary>
internal static class Conditions
{
    public static void Tell(OpenApiOperation operation, IList<object> metadata)
    {
        if (metadata.OfType<TaggedRoute>().Any())
        {
            Ask(operation, "If-None-Match", false, "Tags of what the caller has; when it is still so, the answer is 304 without a body.");
            Answer(operation, "200");
        }

        if (metadata.OfType<ConditionalRoute>().FirstOrDefault() is not { } conditional) return;
        Ask(operation, "If-Match", conditional.Required, "The ETag of what the caller saw, or * for whatever it is: when it is something else by now, the answer is 412 and nothing is changed.");
    }

    private static void Ask(OpenApiOperation operation, string header, bool required, string sentence)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter { Name = header, In = ParameterLocation.Header, Required = required, Description = sentence, Schema = Text() });
    }

    private static void Answer(OpenApiOperation operation, string status)
    {
        if (operation.Responses is not { } answers || !answers.TryGetValue(status, out var known) || known is not OpenApiResponse answer) return;
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers["ETag"] = new OpenApiHeader { Description = "Names what is shown, every byte of it.", Schema = Text() };
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
