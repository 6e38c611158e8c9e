using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace UsageBilling.Api.Hosting;

/// <summary>What the OpenAPI document says besides the routes.</summary>
internal static class Document
{
    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new() { Title = "UsageBilling", Version = "v1", Description = "Turns product usage into PSA billing." };
        document.Servers?.Clear();
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["api_key"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key of one msp: ub_{id}_{secret}. Its scope is viewer, operator or superuser, or one feed.",
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference("api_key", document)] = [] }];
        return Task.CompletedTask;
    });
}
