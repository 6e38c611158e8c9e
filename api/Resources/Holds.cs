using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A line that keeps its last accepted count, and why.</summary>
/// <param name="Night">The first night the doubt is about: the date a release becomes effective.</param>
/// <param name="ProposedUnits">The doubtful count; null when the source gave none.</param>
/// <param name="State"><c>open</c> or <c>resolved</c>.</param>
/// <param name="Resolution"><c>released</c>, <c>agreed</c> or <c>withdrawn</c> once resolved.</param>
internal sealed record HoldResource(
    long Id, NamedResource Line, NamedResource Account, string Reason, string Sentence, DateOnly Night, string PreviousUnits, string? ProposedUnits,
    int AgreeingReads, DateTimeOffset ReadAt, DateTimeOffset OpenedAt, string State, DateTimeOffset? ResolvedAt, string? Resolution, string? ResolvedBy)
{
    internal static HoldResource FromRow(NpgsqlDataReader row)
    {
        var (reason, night, previous, proposed) = (row.GetString(5), row.Date(6), row.GetDecimal(7), row.IsDBNull(8) ? (decimal?)null : row.GetDecimal(8));
        return new(
            row.GetInt64(0), new(row.GetInt64(1), row.GetString(2)), new(row.GetInt64(3), row.GetString(4)), reason,
            Words.Hold(reason, night, previous, proposed), night, Words.Number(previous), Words.MaybeNumber(proposed), row.GetInt32(9), row.Instant(10),
            row.Instant(11), row.IsDBNull(12) ? "open" : "resolved", row.MaybeInstant(12), row.Text(13), row.Text(14));
    }
}

/// <summary>Which holds are wanted.</summary>
/// <param name="State"><c>open</c> (default), <c>resolved</c> or <c>all</c>.</param>
internal sealed record HoldQuery([FromQuery(Name = "state")] string? State) : IChecked
{
    public bool? Open => State switch { null or "open" => true, "resolved" => false, _ => null };

    public IEnumerable<FieldError> Check()
    {
        if (State is not (null or "open" or "resolved" or "all")) yield return new("state", "Must be open, resolved or all.");
    }
}

/// <summary>Holds.</summary>
internal static class Holds
{
    private static readonly Listing<HoldResource> All = new("Api/holds", Listing<HoldResource>.OldestFirst, [null], HoldResource.FromRow, hold => hold.Id);

    public static void MapHolds(this RouteGroupBuilder group)
    {
        var holds = group.MapGroup("/holds").WithTags("holds");
        holds.MapGet("", List);
        holds.MapGet("/{id:long}", All.Get).Tagged();
        holds.MapGroup("").RequireAuthorization(Policies.Operator).MapPost("/{id:long}/release", Release).Changes(All.Version("Versions/lock_hold"));
    }

    private static Task<Ok<Page<HoldResource>>> List(
        [AsParameters] PageQuery page, [AsParameters] HoldQuery query, MspDatabase database, CancellationToken cancellation) =>
        All.Some(page, database, [query.Open], cancellation);

    /// <summary>Releases exactly the hold that was named: when the line is held anew meanwhile, nothing happens.</summary>
    private static async Task<Results<Ok<HoldResource>, ProblemResult>> Release(
        long id, HoldRelease? request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        if (await transaction.Id("Api/hold_line", [id], cancellation) is not { } line) return ProblemResult.Of(ProblemCode.NotFound);
        var result = await transaction.Tell(grains.Lines, line, (request ?? new()).ToMessage(), cancellation);
        if (TurnProblem.Of(result) is { } problem) return problem;
        if (await transaction.Id("Api/hold_closed_now", [id], cancellation) is null)
            return ProblemResult.Of(new Verdict.Refused(RefusalCode.HoldNone, "This hold is resolved already."));
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok((await All.Find(id, database, cancellation))!);
    }
}
