using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime;
using UsageBilling.Runtime.Migrations;

namespace UsageBilling.Api.Resources;

/// <summary>Whether the process lives, or can work.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
internal sealed record HealthResource(string Status);

/// <summary>Health, for whoever watches the process; no key needed.</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication application)
    {
        var health = application.MapGroup("/health").WithTags("health");
        health.MapGet("/live", () => TypedResults.Ok(new HealthResource("live")));
        health.MapGet("/ready", Ready);
    }

    /// <summary>Ready when the database answers and has this program's schema.</summary>
    private static async Task<Results<Ok<HealthResource>, ProblemResult>> Ready(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SqlText.Load("Api/schema_version"));
        var version = await command.ExecuteScalarAsync(cancellation) as int?;
        return version >= Migration.BuiltIn[^1].Version
            ? TypedResults.Ok(new HealthResource("ready"))
            : ProblemResult.Of(ProblemCode.DatabaseUnavailable, "The database does not have this program's schema.");
    }
}

/// <summary>What is to be found where.</summary>
internal sealed record IndexResource(string Name, string Version, string OpenApi, IReadOnlyList<string> Resources);

/// <summary>The index at <c>/</c>.</summary>
internal static class IndexPage
{
    private static readonly IndexResource Content = new("UsageBilling", "v1", "/openapi/v1.json",
    [
        "/v1/accounts", "/v1/audit", "/v1/contracts", "/v1/holds", "/v1/integrations", "/v1/intents", "/v1/lines", "/v1/msp", "/v1/nights",
        "/v1/organizations", "/v1/parked", "/v1/products", "/v1/tenants", "/health/live", "/health/ready",
    ]);

    public static void MapIndex(this WebApplication application) => application.MapGet("/", () => TypedResults.Ok(Content)).WithTags("index");
}
