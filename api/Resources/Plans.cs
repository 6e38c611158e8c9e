using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Versions;
using UsageBilling.Grains.Billing;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>What would be posted, for somebody to approve.</summary>
/// <param name="State"><c>open</c>, <c>applied</c> or <c>expired</c>.</param>
/// <param name="Hash">Of everything its items say; whoever applies the plan names it.</param>
/// <param name="Items">The blocked ones included.</param>
/// <param name="Blocked">Items that the posting leaves out.</param>
/// <param name="Totals">Of what is not blocked.</param>
/// <param name="Attention">Contracts that a person should look at; the first 100.</param>
/// <param name="Posting">What applying it posted.</param>
internal sealed record PlanResource(
    long Id, DateOnly Through, NamedResource? Account, NamedResource? Contract, string State, string Hash, int Items, int Blocked,
    IReadOnlyList<TotalResource> Totals, IReadOnlyList<AttentionResource> Attention, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt,
    long? Posting, DateTimeOffset? AppliedAt, string? AppliedBy)
{
    internal static PlanResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.Date(1),
        row.IsDBNull(2) ? null : new(row.GetInt64(2), row.GetString(3)),
        row.IsDBNull(4) ? null : new(row.GetInt64(4), row.GetString(5)),
        !row.IsDBNull(13) ? "applied" : row.GetBoolean(12) ? "expired" : "open",
        row.GetString(6), row.GetInt32(7), row.GetInt32(8),
        TotalResource.Of(row.Values<string>(16), row.Values<int>(17), row.Values<decimal>(18)),
        AttentionResource.FromRow(row, 19),
        row.Instant(9), row.GetString(10), row.Instant(11), row.IsDBNull(13) ? null : row.GetInt64(13), row.MaybeInstant(14), row.Text(15));
}

/// <summary>A contract that a person should look at before a plan is applied.</summary>
/// <param name="Adjustments">What its adjustments come to, each without its sign.</param>
/// <param name="Regular">What it is charged regularly for the periods that are adjusted.</param>
internal sealed record AttentionResource(NamedResource Contract, string Currency, string Code, string Sentence, string Adjustments, string Regular)
{
    internal static IReadOnlyList<AttentionResource> FromRow(NpgsqlDataReader row, int column)
    {
        if (row.Values<long>(column) is not { } contracts) return [];
        var (names, currencies, codes) = (row.Values<string>(column + 1)!, row.Values<string>(column + 2)!, row.Values<string>(column + 3)!);
        var (adjustments, regular) = (row.Values<decimal>(column + 4)!, row.Values<decimal>(column + 5)!);
        return [.. contracts.Select((contract, i) => new AttentionResource(
            new(contract, names[i]), currencies[i], codes[i], ItemWords.Attention(codes[i]), Words.Amount(adjustments[i], currencies[i]), Words.Amount(regular[i], currencies[i])))];
    }
}

/// <summary>A plan to be made.</summary>
/// <param name="Through">Charges of periods that have begun by this day, in arrears: ended by it; and everything else that is ready.</param>
/// <param name="Account">This account only.</param>
/// <param name="Contract">This contract only.</param>
/// <param name="Auto">Whether to apply it at once if it is within the msp's limits; else it waits for a person.</param>
internal sealed record NewPlan(DateOnly Through, long? Account = null, long? Contract = null, bool Auto = false)
{
    internal PlanScope ToScope() => PlanScopes.Of(Through, Account, Contract);
}

/// <summary>Applies a plan.</summary>
/// <param name="Hash">Of the plan that was approved.</param>
internal sealed record PlanApproval(string Hash);

/// <summary>Plans.</summary>
internal static class Plans
{
    private static readonly Listing<PlanResource> All = new("Postings/plans", Listing<PlanResource>.NewestFirst, [PostingStore.PlanDays], PlanResource.FromRow, plan => plan.Id);

    public static void MapPlans(this RouteGroupBuilder group)
    {
        var plans = group.MapGroup("/plans").WithTags("billing");
        plans.MapGet("", All.List);
        plans.MapGet("/{id:long}", All.Get).Tagged();
        plans.MapGet("/{id:long}/items", Items);

        var changes = plans.MapGroup("").RequireAuthorization(Policies.Operator);
        changes.MapPost("", Make);
        changes.MapPost("/{id:long}/apply", Apply);
    }

    private static Task<Results<Ok<Page<BillingItemResource>>, ProblemResult>> Items(
        long id, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation) =>
        BillingItemResource.PageOf("Postings/plan_exists", "Postings/plan_items", id, page, database, cancellation);

    private static async Task<Results<Created<PlanResource>, ProblemResult>> Make(NewPlan request, MspDatabase database, PostingStore store, CancellationToken cancellation)
    {
        if ((await Review.Through(request.Through, database, cancellation)).Problem is { } problem) return problem;
        var answer = await store.Plan(database.Msp, request.ToScope(), database.Actor, cancellation);
        if (answer is not PlanAnswer.Made { Plan: var made }) return ProblemOf(answer);
        if (request.Auto) await store.Apply(database.Msp, made.Id, made.Hash, database.Actor, Approval.ByPersonWithinLimits, cancellation);
        return TypedResults.Created($"/v1/plans/{made.Id}", (await All.Find(made.Id, database, cancellation))!);
    }

    private static async Task<Results<Ok<PostingResource>, ProblemResult>> Apply(
        long id, PlanApproval request, MspDatabase database, PostingStore store, CancellationToken cancellation) =>
        await store.Apply(database.Msp, id, request.Hash, database.Actor, Approval.ByPerson, cancellation) switch
        {
            ApplyAnswer.Applied applied => TypedResults.Ok((await Postings.All.Find(applied.Posting, database, cancellation))!),
            var other => ProblemOf(other),
        };

    private static ProblemResult ProblemOf(PlanAnswer answer) => answer switch
    {
        PlanAnswer.Empty { Blocked: 0 } => ProblemResult.Of(ProblemCode.PlanEmpty),
        PlanAnswer.Empty empty => ProblemResult.Of(ProblemCode.PlanEmpty, $"Nothing is ready to post: what there is, {empty.Blocked} items, is blocked. The review says by what."),
        PlanAnswer.TooLarge => ProblemResult.Of(ProblemCode.PlanTooLarge, $"More than {PostingStore.ItemsMax} items are ready; plan by account or by contract."),
        PlanAnswer.AccountUnknown => ProblemResult.Of(ProblemCode.AccountUnknown),
        PlanAnswer.ContractUnknown => ProblemResult.Of(ProblemCode.ContractUnknown),
        _ => throw new InvalidOperationException($"A plan ended with {answer}."),
    };

    private static ProblemResult ProblemOf(ApplyAnswer answer) => answer switch
    {
        ApplyAnswer.Unknown => ProblemResult.Of(ProblemCode.NotFound),
        ApplyAnswer.HashMismatch => ProblemResult.Of(ProblemCode.PlanHashMismatch),
        ApplyAnswer.Expired expired => ProblemResult.Of(ProblemCode.PlanExpired, $"The plan could be applied until {expired.At:yyyy-MM-dd HH:mm} UTC; make another one."),
        ApplyAnswer.SecondPersonNeeded => ProblemResult.Of(ProblemCode.SecondPersonNeeded),
        ApplyAnswer.Changed changed => ProblemResult.Of(ProblemCode.PlanChanged, DifferenceResource.Of(changed.Difference)),
        _ => throw new InvalidOperationException($"Applying a plan ended with {answer}."),
    };
}
