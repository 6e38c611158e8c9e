using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A value of one of a PSA's lists, as it was last read.</summary>
/// <param name="List"><c>location</c>, <c>queue</c>, <c>status</c>, <c>ticket_type</c>, <c>source</c>, <c>priority</c> or <c>issue_type</c>.</param>
/// <param name="RemoteId">What settings name it by.</param>
/// <param name="Active">Whether the PSA still offers it.</param>
/// <param name="Preset">Whether the PSA chooses it when nobody does.</param>
/// <param name="AccountId">Of a location: whose it is.</param>
internal sealed record LookupResource(long Id, string List, string RemoteId, string Name, bool Active, bool Preset, long? AccountId)
{
    internal static LookupResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5), row.IsDBNull(6) ? null : row.GetInt64(6));
}

/// <summary>What a list of values is narrowed by.</summary>
internal sealed record LookupFilter(
    [FromQuery(Name = "list")] string? List, [FromQuery(Name = "account")] long? Account, [FromQuery(Name = "active")] bool? Active, [FromQuery(Name = "q")] string? Q) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (List is { } list && !DeskListName.All.ContainsKey(list)) yield return new("list", $"Must be one of {string.Join(", ", DeskListName.All.Keys)}.");
    }
}

/// <summary>What the lists of a PSA hold: read by a silo, chosen from by settings.</summary>
internal static class Lookups
{
    public static void MapLookups(this RouteGroupBuilder integrations)
    {
        integrations.MapGet("/{id:long}/lookups", List);
        integrations.MapPost("/{id:long}/lookups", Start).RequireAuthorization(Policies.Operator);
    }

    /// <summary>Whether the integration is a PSA's; if not, what to answer.</summary>
    internal static async Task<ProblemResult?> NotPsa(MspDatabase database, long integration, CancellationToken cancellation)
    {
        var kind = await database.One("Desk/kind", [integration], row => row.GetString(0), cancellation);
        return kind is null ? ProblemResult.Of(ProblemCode.NotFound) : IntegrationKind.Of(kind) is { ReadsProducts: true } ? ProblemResult.Of(ProblemCode.IntegrationWithoutDesk) : null;
    }

    private static async Task<Results<Ok<Page<LookupResource>>, ProblemResult>> List(
        long id, [AsParameters] PageQuery page, [AsParameters] LookupFilter filter, MspDatabase database, CancellationToken cancellation)
    {
        if (await NotPsa(database, id, cancellation) is { } problem) return problem;
        var rows = await database.Rows("Desk/lookups", [id, page.From(0).First, page.Rows, filter.List, filter.Account, filter.Active, filter.Q], LookupResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, value => new(value.Id, 0)));
    }

    private static async Task<Results<Ok<RunResource>, Accepted<RunResource>, ProblemResult>> Start(
        long id, MspDatabase database, WorkSignal signal, RunWatch watch, CancellationToken cancellation) =>
        await NotPsa(database, id, cancellation) is { } problem ? problem : await Integrations.Start(id, "lookups", database, signal, watch, cancellation);
}
