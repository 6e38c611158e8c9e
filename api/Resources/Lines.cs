using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Resources;

/// <summary>Get Units Now: the run, and the line as it is now.</summary>
internal sealed record RefreshResource(RunResource Run, LineResource Line);

/// <summary>Service lines.</summary>
internal static class Lines
{
    private static readonly LineQuery Any = new(null, null, null, null);

    private static readonly Versioned Version = Versioned.ById("Versions/lock_line", ReadOne);

    public static void MapLines(this RouteGroupBuilder group)
    {
        var lines = group.MapGroup("/lines").WithTags("lines");
        lines.MapGet("", List);
        lines.MapGet("/{id:long}", Get).Tagged();
        lines.MapGet("/{id:long}/counts", LineRecords.Counts);
        lines.MapGet("/{id:long}/ledger", LineRecords.Ledger);
        lines.MapGet("/{id:long}/terms", LinePricing.Get).Tagged();

        var changes = lines.MapGroup("").RequireAuthorization(Policies.Operator);
        changes.MapPut("/{id:long}/basis", ChooseBasis).Changes(Version);
        changes.MapPut("/{id:long}/units", GiveUnits).Changes(Version);
        changes.MapPut("/{id:long}/price", LinePricing.ChangePrice).Changes(LinePricing.Version);
        changes.MapPut("/{id:long}/terms", LinePricing.ChangeTerms).Replaces(LinePricing.Version);
        changes.MapPost("/{id:long}/refresh", Refresh);
        changes.MapPost("/{id:long}/end", LineEnds.End).Changes(Version);
    }

    internal static async Task<LineResource?> ReadOne(MspDatabase database, long id, CancellationToken cancellation) =>
        await Read(database, id, 0, 1, Any, cancellation) is [var line, ..] ? line : null;

    private static async Task<Ok<Page<LineResource>>> List(
        [AsParameters] PageQuery page, [AsParameters] LineQuery query, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await Read(database, null, page.From(0).First, page.Rows, query, cancellation);
        return TypedResults.Ok(page.Of(rows, line => new(line.Id, 0)));
    }

    private static async Task<Results<Ok<LineResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await ReadOne(database, id, cancellation) is { } line ? TypedResults.Ok(line) : ProblemResult.Of(ProblemCode.NotFound);

    private static Task<Results<Ok<LineResource>, ProblemResult>> ChooseBasis(
        long id, ChosenBasis request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        Ask(id, new ServiceLineMessage.ChooseBasis(request.ToBasis()), database, transactions, grains, cancellation);

    private static Task<Results<Ok<LineResource>, ProblemResult>> GiveUnits(
        long id, GivenUnits request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        Ask(id, request.ToMessage(), database, transactions, grains, cancellation);

    private static async Task<Results<Ok<LineResource>, ProblemResult>> Ask(
        long id, ServiceLineMessage message, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        await transactions.Ask(database, grains.Lines, id, message, cancellation) is { } problem ? problem : TypedResults.Ok((await ReadOne(database, id, cancellation))!);

    /// <summary>The line's turn makes its inputs due and a run is written with it, or neither; a silo reads and answers the run.</summary>
    private static async Task<Results<Ok<RefreshResource>, Accepted<RefreshResource>, ProblemResult>> Refresh(
        long id, MspDatabase database, TurnTransactions transactions, GrainEngines grains, RunWatch watch, CancellationToken cancellation)
    {
        var (started, problem) = await StartRefresh(id, database, transactions, grains, cancellation);
        if (problem is not null) return problem;
        var run = await watch.Await(database, started, cancellation);
        var answer = new RefreshResource(run, (await ReadOne(database, id, cancellation))!);
        return run.Ended ? TypedResults.Ok(answer) : TypedResults.Accepted(Runs.Address(run.Id), answer);
    }

    private static async Task<(long Run, ProblemResult? Problem)> StartRefresh(
        long id, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        var result = await transaction.Tell(grains.Lines, id, new ServiceLineMessage.RefreshRequested(), cancellation);
        if (TurnProblem.Of(result) is { } problem) return (0, problem);
        var run = await transaction.Id("Api/start_refresh", [id, database.Actor], cancellation);
        await transaction.Commit(WorkKinds.Runs, cancellation);
        return (run!.Value, null);
    }

    private static async Task<IReadOnlyList<LineResource>> Read(
        MspDatabase database, long? only, long after, int rows, LineQuery query, CancellationToken cancellation)
    {
        var night = (await database.Night(cancellation)).Last;
        object?[] values = [only, after, rows, query.Contract, query.Account, query.Held, query.BasisNumber, night];
        return await database.Rows("Api/lines", values, LineResource.FromRow, cancellation);
    }
}
