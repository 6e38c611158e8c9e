using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Postings;

namespace UsageBilling.Api.Resources;

/// <summary>What is ready to post, summed up.</summary>
/// <param name="Through">Up to when charges were looked for.</param>
/// <param name="Totals">Of what a posting would take.</param>
/// <param name="Blocked">Of what it would leave out, by reason.</param>
internal sealed record ReviewSummary(DateOnly Through, int Items, IReadOnlyList<TotalResource> Totals, IReadOnlyList<BlockedTotalResource> Blocked);

/// <summary>What stays out of a posting for one reason.</summary>
internal sealed record BlockedTotalResource(string Code, string Sentence, string Currency, int Items, string Amount)
{
    internal static BlockedTotalResource Of(BlockResource block, TotalResource total) => new(block.Code, block.Sentence, total.Currency, total.Items, total.Amount);
}

/// <summary>Which items are wanted.</summary>
/// <param name="From">Items that have this day or a later one.</param>
/// <param name="To">Items that have this day or an earlier one.</param>
/// <param name="Through">Charges of periods that have begun by this day, in arrears: ended by it. Absent: the last night.</param>
internal sealed record ReviewQuery(
    [FromQuery(Name = "account")] long? Account,
    [FromQuery(Name = "contract")] long? Contract,
    [FromQuery(Name = "from")] DateOnly? From,
    [FromQuery(Name = "to")] DateOnly? To,
    [FromQuery(Name = "through")] DateOnly? Through) : IChecked
{
    public ReviewDays Days => new(From, To);

    public PlanScope Scope(DateOnly through) => PlanScopes.Of(through, Account, Contract);

    public IEnumerable<FieldError> Check()
    {
        if (From > To) yield return new("to", "Must not be before from.");
    }
}

/// <summary>Scopes from ids.</summary>
internal static class PlanScopes
{
    public static PlanScope Of(DateOnly through, long? account, long? contract) =>
        new(through, account is { } one ? new PsaAccountId(one) : null, contract is { } other ? new ContractId(other) : null);
}

/// <summary>Billing review: what no posting has taken yet.</summary>
internal static class Review
{
    private const int DaysAheadMax = 366;

    public static void MapReview(this RouteGroupBuilder group)
    {
        var review = group.MapGroup("/review").WithTags("billing");
        review.MapGet("", List);
        review.MapGet("/summary", Sum);
    }

    /// <summary>A date so far ahead is a slip of the pen: nothing is charged before its period.</summary>
    internal static async Task<(DateOnly Through, ProblemResult? Problem)> Through(DateOnly? wanted, MspDatabase database, CancellationToken cancellation)
    {
        var last = (await database.Night(cancellation)).Last;
        var through = wanted ?? last;
        return (through, through <= last.AddDays(DaysAheadMax) ? null : ProblemResult.Of(new Verdict.Refused(
            RefusalCode.DateTooFar, $"Through may be at most {DaysAheadMax} days after the last night, {last:yyyy-MM-dd}.")));
    }

    private static async Task<Results<Ok<Page<BillingItemResource>>, ProblemResult>> List(
        [AsParameters] PageQuery page, [AsParameters] ReviewQuery query, MspDatabase database, PostingStore store, CancellationToken cancellation)
    {
        var (through, problem) = await Through(query.Through, database, cancellation);
        if (problem is not null) return problem;
        var after = page.From(0);
        return TypedResults.Ok(BillingItemResource.Page(
            page, await store.Review(database.Msp, query.Scope(through), query.Days, after.First, after.Second, page.Rows, cancellation)));
    }

    private static async Task<Results<Ok<ReviewSummary>, ProblemResult>> Sum(
        [AsParameters] ReviewQuery query, MspDatabase database, PostingStore store, CancellationToken cancellation)
    {
        var (through, problem) = await Through(query.Through, database, cancellation);
        if (problem is not null) return problem;
        var sums = await store.Sum(database.Msp, query.Scope(through), query.Days, cancellation);
        return TypedResults.Ok(new ReviewSummary(
            through,
            sums.Sum(sum => sum.Total.Items),
            [.. sums.Where(sum => sum.Block is null).Select(sum => TotalResource.Of(sum.Total))],
            [.. sums.Where(sum => sum.Block is not null).Select(sum => BlockedTotalResource.Of(BlockResource.Of(sum.Block)!, TotalResource.Of(sum.Total)))]));
    }
}
