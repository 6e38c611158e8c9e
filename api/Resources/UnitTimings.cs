using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Resources;

/// <summary>From when on a PSA is made to bill changed units; what the hub charges goes by the effective date whichever it is.</summary>
/// <param name="Timing">
/// <c>effective_date</c>; <c>month_peak</c>: more from the first of the month, fewer from the first of the next; <c>next_month</c>: both from the first of the next.
/// </param>
internal sealed record UnitTimingSetting(string Timing) : IChecked
{
    private static readonly Dictionary<string, UnitTiming> Names = new()
    {
        ["effective_date"] = UnitTiming.EffectiveDate,
        ["month_peak"] = UnitTiming.MonthPeak,
        ["next_month"] = UnitTiming.NextMonth,
    };

    public IEnumerable<FieldError> Check()
    {
        if (!Names.ContainsKey(Timing)) yield return new("timing", $"Must be one of {string.Join(", ", Names.Keys)}.");
    }

    public UnitTiming ToTiming() => Names[Timing];

    public static UnitTimingSetting Of(UnitTiming timing) => new(Names.Single(name => name.Value == timing).Key);
}

/// <summary>The timing of a PSA's units.</summary>
internal static class UnitTimings
{
    private static readonly Versioned Version = Versioned.OfIntegration<UnitTimingSetting>((sight, cancellation) => Read(sight.Database, sight.Id, cancellation));

    public static void MapUnitTimings(this RouteGroupBuilder group)
    {
        var timings = group.MapGroup("/integrations/{id:long}/unit-timing").WithTags("integrations");
        timings.MapGet("", Get).Tagged();
        timings.MapGroup("").RequireAuthorization(Policies.Operator).MapPut("", Change).Replaces(Version);
    }

    private static async Task<Results<Ok<UnitTimingSetting>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } setting ? TypedResults.Ok(setting) : ProblemResult.Of(ProblemCode.NotFound);

    /// <summary>Changes from now on are wished so; what was wished before keeps its dates.</summary>
    private static async Task<Results<Ok<UnitTimingSetting>, ProblemResult>> Change(
        long id, UnitTimingSetting request, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        if (await transaction.Id("Api/set_unit_timing", [id, (short)request.ToTiming(), database.Actor, request.Timing], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok(request);
    }

    private static Task<UnitTimingSetting?> Read(MspDatabase database, long id, CancellationToken cancellation) =>
        database.One("Api/unit_timing", [id], row => UnitTimingSetting.Of((UnitTiming)row.GetInt16(1)), cancellation);
}
