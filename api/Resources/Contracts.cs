using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A contract imported from a PSA.</summary>
/// <param name="Until">The first day it no longer covers.</param>
/// <param name="Lines">How many service lines it has.</param>
internal sealed record ContractResource(
    long Id, long IntegrationId, string RemoteId, string Name, long AccountId, string Account, DateOnly From, DateOnly Until, bool Active, long Lines)
{
    internal static ContractResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.Date(6), row.Date(7), row.GetBoolean(8), row.GetInt64(9));
}

/// <summary>Contracts.</summary>
internal static class Contracts
{
    public static void MapContracts(this RouteGroupBuilder group)
    {
        var contracts = group.MapGroup("/contracts").WithTags("contracts");
        contracts.MapGet("", List);
        contracts.MapGet("/{id:long}", Get);
    }

    private static async Task<Ok<Page<ContractResource>>> List([AsParameters] PageQuery page, long? account, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Api/contracts", [null, page.From(0).First, page.Rows, account], ContractResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, contract => new(contract.Id, 0)));
    }

    private static async Task<Results<Ok<ContractResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await database.One("Api/contracts", [id, 0L, 1, null], ContractResource.FromRow, cancellation) is { } contract
            ? TypedResults.Ok(contract)
            : ProblemResult.Of(ProblemCode.NotFound);
}
