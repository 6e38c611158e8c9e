using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>What is ready to post, summed up.</summary>
/// <param name="Through">Up to when charges were looked for.</param>
/// <param name="Totals">Of what a posting would take.</param>
/// <param name="Blocked">Of what it would leave out, by reason.</param>
internal sealed record ReviewSummary(DateOnly Through, int Items, IReadOnlyList<TotalResource> Totals, IReadOnlyList<BlockedTotalResource> Blocked);

/// <summary>What stays out of a posting for one reason.</summary>
internal sealed record BlockedTotalResource(string Code, string Sentence, string Currency, int Items, string Amount);

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
    public IEnumerable<FieldError> Check()
    {
        if (From > To) yield return new("to", "Must not be before from.");
    }
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
        [AsParameters] PageQuery page, [AsParameters] ReviewQuery query, MspDatabase database, CancellationToken cancellation)
    {
        var (through, problem) = await Through(query.Through, database, cancellation);
        if (problem is not null) return problem;
        var after = page.From(0);
        object?[] values = [query.Account, query.Contract, through, query.From, query.To, after.First, after.Second, page.Rows];
        return TypedResults.Ok(BillingItemResource.Page(page, await database.Rows("Postings/ready", values, BillingItem.FromRow, cancellation)));
    }

    private static async Task<Results<Ok<ReviewSummary>, ProblemResult>> Sum([AsParameters] ReviewQuery query, MspDatabase database, CancellationToken cancellation)
    {
        var (through, problem) = await Through(query.Through, database, cancellation);
        if (problem is not null) return problem;
        var rows = await database.Rows(
            "Postings/ready_totals",
            [query.Account, query.Contract, through, query.From, query.To],
            row => (Block: row.Text(1), Total: TotalResource.Of(row.GetString(0), row.GetInt32(2), row.GetDecimal(3))),
            cancellation);
        return TypedResults.Ok(new ReviewSummary(
            through,
            rows.Sum(row => row.Total.Items),
            [.. rows.Where(row => row.Block is null).Select(row => row.Total)],
            [.. rows.Where(row => row.Block is not null).Select(row => (Block: BlockResource.Of(row.Block)!, row.Total))
                .Select(row => new BlockedTotalResource(row.Block.Code, row.Block.Sentence, row.Total.Currency, row.Total.Items, row.Total.Amount))]));
    }
}
