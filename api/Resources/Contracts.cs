using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A contract imported from a PSA.</summary>
/// <param name="Until">The first day it no longer covers.</param>
/// <param name="Lines">How many service lines it has.</param>
/// <param name="Period">How often it is billed in the PSA: <c>monthly</c>, <c>quarterly</c>, <c>semi_annual</c> or <c>yearly</c>; null until it is imported again.</param>
/// <param name="AddsLines">Whether people add its lines, because the PSA does not tell how many units they have; others are imported.</param>
/// <param name="Notices">Who is told when units of its lines change.</param>
internal sealed record ContractResource(
    long Id, long IntegrationId, string RemoteId, string Name, long AccountId, string Account, DateOnly From, DateOnly Until, bool Active, long Lines, NoticeSetting Notices,
    string? Period, bool AddsLines)
{
    internal static ContractResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.Date(6), row.Date(7), row.GetBoolean(8), row.GetInt64(9),
        new(row.GetBoolean(10), row.GetFieldValue<string[]>(11)), row.IsDBNull(12) ? null : Words.Of((BillingPeriod)row.GetInt16(12)), row.GetBoolean(13));
}

/// <summary>Contracts.</summary>
internal static class Contracts
{
    private static readonly Versioned Version = Versioned.ById("Versions/lock_contract", Read);

    public static void MapContracts(this RouteGroupBuilder group)
    {
        var contracts = group.MapGroup("/contracts").WithTags("contracts");
        contracts.MapGet("", List);
        contracts.MapGet("/{id:long}", Get).Tagged();
        contracts.MapGet("/{id:long}/services", ContractLines.Services);
        var changes = contracts.MapGroup("").RequireAuthorization(Policies.Operator);
        changes.MapPut("/{id:long}/notices", AskForNotices).Changes(Version);
        changes.MapPost("/{id:long}/lines", ContractLines.Add);
    }

    private static async Task<Ok<Page<ContractResource>>> List([AsParameters] PageQuery page, long? account, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Api/contracts", [null, page.From(0).First, page.Rows, account], ContractResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, contract => new(contract.Id, 0)));
    }

    private static async Task<Results<Ok<ContractResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } contract ? TypedResults.Ok(contract) : ProblemResult.Of(ProblemCode.NotFound);

    /// <summary>What was counted before somebody asked is not told.</summary>
    private static async Task<Results<Ok<ContractResource>, ProblemResult>> AskForNotices(
        long id, NoticeSetting request, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        string[] addresses = [.. request.Addresses];
        var said = $"{(request.Enabled ? "on" : "off")}: {string.Join(' ', addresses)}";
        await using var transaction = await transactions.Begin(database, cancellation);
        if (await transaction.Id("Notices/set", [id, request.Enabled, addresses, database.Actor, said], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok((await Read(database, id, cancellation))!);
    }

    private static Task<ContractResource?> Read(MspDatabase database, long id, CancellationToken cancellation) =>
        database.One("Api/contracts", [id, 0L, 1, null], ContractResource.FromRow, cancellation);
}
