using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>What was taken from the ledger to be billed, once and for ever.</summary>
/// <param name="Kind"><c>posting</c> or <c>reversal</c>.</param>
/// <param name="Plan">The plan that it applied; null for a reversal.</param>
/// <param name="Reverses">The posting that this one took back.</param>
/// <param name="ReversedBy">The reversal that took this one back.</param>
internal sealed record PostingResource(
    long Id, string Kind, long? Plan, long? Reverses, long? ReversedBy, DateOnly Through, int Items, IReadOnlyList<TotalResource> Totals,
    DateTimeOffset PostedAt, string PostedBy)
{
    internal static PostingResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), MaybeId(row, 4), MaybeId(row, 2), MaybeId(row, 3), row.Date(5), row.GetInt32(6),
        TotalResource.Of(row.Values<string>(9), row.Values<int>(10), row.Values<decimal>(11)), row.Instant(7), row.GetString(8));

    private static long? MaybeId(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

/// <summary>Postings.</summary>
internal static class Postings
{
    internal static readonly Listing<PostingResource> All = new("Postings/postings", Listing<PostingResource>.NewestFirst, [], PostingResource.FromRow, posting => posting.Id);

    public static void MapPostings(this RouteGroupBuilder group)
    {
        var postings = group.MapGroup("/postings").WithTags("billing");
        postings.MapGet("", All.List);
        postings.MapGet("/{id:long}", All.Get).Tagged();
        postings.MapGet("/{id:long}/items", Items);
        postings.MapGroup("").RequireAuthorization(Policies.Operator).MapPost("/{id:long}/reverse", Reverse).Changes(All.Version("Versions/lock_posting"));
    }

    private static Task<Results<Ok<Page<BillingItemResource>>, ProblemResult>> Items(
        long id, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation) =>
        BillingItemResource.PageOf("Postings/posting_exists", "Postings/posting_items", id, page, database, cancellation);

    /// <summary>Answers with the reversal, a posting of its own.</summary>
    private static async Task<Results<Created<PostingResource>, ProblemResult>> Reverse(
        long id, MspDatabase database, TurnTransactions transactions, PostingStore store, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        var answer = await store.Reverse(transaction.Connection, database.Msp, id, database.Actor, cancellation);
        if (answer is ReverseAnswer.Reversed) await transaction.Commit(WorkKinds.None, cancellation);
        return answer switch
        {
            ReverseAnswer.Reversed reversed => TypedResults.Created($"/v1/postings/{reversed.Posting}", (await All.Find(reversed.Posting, database, cancellation))!),
            ReverseAnswer.ReversedBefore before => ProblemResult.Of(ProblemCode.PostingReversed, $"The posting was reversed before, by {before.By}."),
            ReverseAnswer.IsReversal => ProblemResult.Of(ProblemCode.ReversalStays),
            _ => ProblemResult.Of(ProblemCode.NotFound),
        };
    }
}
