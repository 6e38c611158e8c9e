using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Contract;
using UsageBilling.Api.Database;
using UsageBilling.Api.Idempotency;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Grains.Billing;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Desk;
using UsageBilling.Runtime.Integrations;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Telemetry;
using UsageBilling.Runtime.Tickets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Webhooks;

namespace UsageBilling.Api.Hosting;

/// <summary>What the api is made of, and the order in which a request passes through it.</summary>
internal static class Composition
{
    public static void AddApi(this IServiceCollection services, ApiOptions options, NpgsqlDataSource database, KeyFile? keyFile, TimeProvider clock)
    {
        services.AddRouting();
        services.AddSingleton(options);
        services.AddSingleton(database);
        services.AddSingleton(clock);
        services.AddSingleton<WorkSignal>();
        services.AddSingleton(provider => GrainEngines.Over(database, provider.GetRequiredService<WorkSignal>()));
        services.AddSingleton(provider => new PostingStore(database, provider.GetRequiredService<GrainEngines>().Lines, ApprovalPolicy.Judge));
        services.AddSingleton<TurnTransactions>();
        services.AddSingleton<RunWatch>();
        services.AddSingleton<ApiKeys>().AddSingleton<KeyStore>();
        services.AddSingleton<IntentStore>();
        services.AddSingleton<IntegrationStore>();
        services.AddSingleton<TicketStore>();
        services.AddSingleton(new DeskStore(database, DeskDecisions.Rules));
        services.AddSingleton<MspSettingsStore>();
        services.AddSingleton(new InvoiceStore(database, ItemWords.Of));
        services.AddSingleton<JobStore>();
        services.AddSingleton<WebhookStore>();
        SecretVault.AddTo(services, database, keyFile);

        services.AddAuthentication(ApiKeyHandler.Scheme).AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, null);
        services.AddAuthorization(Policies.Add);
        services.AddRateLimits(options.Limits);
        services.AddExceptionHandler<FaultHandler>();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(json => Spell(json.SerializerOptions));
        services.AddOpenApi("v1", Document.Describe);
        services.AddHostedService(_ => new TelemetryExport(
            "usagebilling-api", options.Telemetry, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.RateLimiting", "Microsoft.AspNetCore.Server.Kestrel"));
    }

    public static void UseApi(this WebApplication application)
    {
        application.UseRouting();
        application.UseRequestSpans();
        application.UseProblems();
        application.UseAuthentication();
        application.UseRateLimiter();
        application.UseAuthorization();
        application.UseMiddleware<RepeatableRequests>();
        // Once more, so that what is kept of a repeatable request is what its sender gets
        application.UseProblems();
    }

    /// <summary>Exceptions and bare statuses become problem details.</summary>
    private static void UseProblems(this WebApplication application)
    {
        application.UseExceptionHandler(_ => { });
        application.UseStatusCodePages(context => ProblemResult.Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
    }

    /// <summary>snake_case, unknown fields refused, numbers are numbers, and what is required must be there.</summary>
    private static void Spell(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.PropertyNameCaseInsensitive = false;
        json.AllowDuplicateProperties = false;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
    }
}
