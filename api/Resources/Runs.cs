using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Work that somebody asked for and may watch.</summary>
/// <param name="Kind"><c>test</c>, <c>import</c>, <c>lookups</c>, <c>test_ticket</c>, <c>refresh</c> or <c>reconcile</c>.</param>
/// <param name="IntegrationId">Whose work it is, when it is an integration's.</param>
/// <param name="LineId">Whose work it is, when it is a line's.</param>
/// <param name="Ticket">Of a test ticket: number and link, as soon as the PSA has it.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="CancelledBy">Who ended it before its time; when is <paramref name="FinishedAt"/>.</param>
internal sealed record RunResource(
    long Id,
    string Kind,
    long? IntegrationId,
    long? LineId,
    string State,
    string? Code,
    string? Sentence,
    int ProgressDone,
    int ProgressTotal,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    TicketOfAlertResource? Ticket,
    string? CancelledBy)
{
    internal bool Ended => State != "running";

    internal static RunResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetInt16(2) == (short)Interfaces.Turns.GrainKind.Integration ? row.GetInt64(3) : null,
        row.GetInt16(2) == (short)Interfaces.Turns.GrainKind.ServiceLine ? row.GetInt64(3) : null,
        row.GetString(4),
        row.Text(5),
        row.Text(6),
        row.GetInt32(7),
        row.GetInt32(8),
        row.Instant(9),
        row.MaybeInstant(10),
        TicketOfAlertResource.FromRow(row, 11),
        row.Text(15));
}

/// <summary>Which runs are wanted.</summary>
internal sealed record RunQuery([FromQuery(Name = "state")] string? State, [FromQuery(Name = "kind")] string? Kind) : IChecked
{
    private static readonly string[] States = ["running", "done", "failed", "cancelled"];
    private static readonly string[] Kinds = ["test", "import", "lookups", "test_ticket", "refresh", "reconcile"];

    public IEnumerable<FieldError> Check()
    {
        if (State is not null && !States.Contains(State)) yield return new("state", $"Must be one of {string.Join(", ", States)}.");
        if (Kind is not null && !Kinds.Contains(Kind)) yield return new("kind", $"Must be one of {string.Join(", ", Kinds)}.");
    }
}

/// <summary>Runs, the newest first.</summary>
internal static class Runs
{
    private static readonly Listing<RunResource> All = new("Api/runs", Listing<RunResource>.NewestFirst, [null, null], RunResource.FromRow, run => run.Id);

    public static void MapRuns(this RouteGroupBuilder group)
    {
        var runs = group.MapGroup("/runs").WithTags("runs");
        runs.MapGet("", List);
        runs.MapGet("/{id:long}", All.Get).Tagged();
        runs.MapPost("/{id:long}/cancel", Cancel).Changes(All.Version("Versions/lock_run")).RequireAuthorization(Policies.Operator);
    }

    internal static string Address(long id) => $"/v1/runs/{id}";

    internal static Task<RunResource?> Read(MspDatabase database, long id, CancellationToken cancellation) => All.Find(id, database, cancellation);

    /// <summary>It ends here and now; a silo that is at it stops at its next step.</summary>
    private static async Task<Results<Ok<RunResource>, ProblemResult>> Cancel(long id, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        var cancelled = await transaction.Id("Runs/cancel", [id, database.Actor], cancellation);
        await transaction.Commit(WorkKinds.None, cancellation);
        if (await Read(database, id, cancellation) is not { } run) return ProblemResult.Of(ProblemCode.NotFound);
        return cancelled is null ? ProblemResult.Of(ProblemCode.RunEnded) : TypedResults.Ok(run);
    }

    private static Task<Ok<Page<RunResource>>> List([AsParameters] PageQuery page, [AsParameters] RunQuery query, MspDatabase database, CancellationToken cancellation) =>
        All.Some(page, database, [query.State, query.Kind], cancellation);
}
