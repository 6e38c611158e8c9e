using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A write owed to a PSA.</summary>
/// <param name="DesiredUnits">Absolute units; what is sent is the difference to what the PSA shows.</param>
/// <param name="ObservedUnits">What the PSA showed before the last send.</param>
/// <param name="State"><c>pending</c>, <c>sending</c>, <c>in_doubt</c>, <c>confirmed</c>, <c>rejected</c> or <c>parked</c>.</param>
/// <param name="Attempt">Sends so far.</param>
/// <param name="PsaEffect">What the PSA gets: <c>units</c>, an <c>added_line</c> or a <c>ticket</c>, as far as it is sent, else as it looks now; null when there is nothing to send.</param>
/// <param name="Ticket">What tells the MSP's people of fewer units, where the PSA can be told in no other way.</param>
internal sealed record IntentResource(
    long Id, long IntegrationId, NamedResource Line, string Account, DateOnly EffectiveOn, DateOnly SentOn, string DesiredUnits, string? ObservedUnits,
    string? Delta, string State, int Attempt, string? Code, string? Sentence, DateOnly Night, DateTimeOffset CreatedAt, DateTimeOffset? SettledAt,
    string? PsaEffect, TicketOfAlertResource? Ticket)
{
    internal static IntentResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), new(row.GetInt64(2), row.GetString(3)), row.GetString(4), row.Date(5), row.Date(6), Words.Number(row.GetDecimal(7)),
        row.IsDBNull(8) ? null : Words.Number(row.GetDecimal(8)), row.IsDBNull(9) ? null : Words.Number(row.GetDecimal(9)), row.GetString(10),
        row.GetInt32(11), row.Text(12), row.Text(13), row.Date(14), row.Instant(15), row.MaybeInstant(16), row.Text(17), TicketOfAlertResource.FromRow(row, 18));
}

/// <summary>Which intents are wanted.</summary>
internal sealed record IntentQuery([FromQuery(Name = "state")] string? State, [FromQuery(Name = "line")] long? Line) : IChecked
{
    private static readonly string[] States = ["pending", "sending", "in_doubt", "confirmed", "rejected", "parked"];

    public IEnumerable<FieldError> Check()
    {
        if (State is not null && !States.Contains(State)) yield return new("state", $"Must be one of {string.Join(", ", States)}.");
    }
}

/// <summary>Writes owed to PSAs, the newest first.</summary>
internal static class Intents
{
    private static readonly Listing<IntentResource> All = new("Api/intents", Listing<IntentResource>.NewestFirst, [null, null], IntentResource.FromRow, intent => intent.Id);

    public static void MapIntents(this RouteGroupBuilder group)
    {
        var intents = group.MapGroup("/intents").WithTags("intents");
        intents.MapGet("", List);
        intents.MapGet("/{id:long}", All.Get).Tagged();
        intents.MapGroup("").RequireAuthorization(Policies.Operator).MapPost("/{id:long}/release", Release).Changes(All.Version("Versions/lock_intent"));
    }

    private static Task<Ok<Page<IntentResource>>> List(
        [AsParameters] PageQuery page, [AsParameters] IntentQuery query, MspDatabase database, CancellationToken cancellation) =>
        All.Some(page, database, [query.State, query.Line], cancellation);

    private static async Task<Results<Ok<IntentResource>, ProblemResult>> Release(
        long id, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        if (await All.Find(id, database, cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        await using var transaction = await transactions.Begin(database, cancellation);
        if (await IntentStore.Release(transaction.Connection, database.Msp, id, database.Actor, cancellation) is not { } tried) return ProblemResult.Of(ProblemCode.IntentNotReleasable);
        await transaction.Commit(WorkKinds.Intents, cancellation);
        return TypedResults.Ok((await All.Find(tried, database, cancellation))!);
    }
}
