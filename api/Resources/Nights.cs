using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Api.Resources;

/// <summary>A night to be read now.</summary>
/// <param name="Night">Absent or null: the last night.</param>
internal sealed record NightStart(DateOnly? Night = null);

/// <summary>Nights: what was read, what changed, what was posted.</summary>
internal static class Nights
{
    private const int IntegrationsMax = 200;

    public static void MapNights(this RouteGroupBuilder group)
    {
        var nights = group.MapGroup("/nights").WithTags("nights");
        nights.MapGet("", List);
        nights.MapGet("/{night}", Get);
        nights.MapGet("/{night}/events", NightEvents.Watch);
        nights.MapGet("/{night}/result", Result);
        nights.MapGroup("").RequireAuthorization(Policies.Operator).MapPost("", Start);
    }

    private static async Task<Ok<Page<NightResource>>> List([AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var dates = await database.Rows("Api/nights", [page.From(long.MaxValue).First, page.Rows], row => row.GetFieldValue<DateOnly>(0), cancellation);
        var shown = page.Of(dates, date => new(date.DayNumber, 0));
        var nights = await Read(database, shown.Items, await database.Night(cancellation), cancellation);
        return TypedResults.Ok(new Page<NightResource>(nights, shown.NextCursor));
    }

    private static async Task<Results<Ok<NightResource>, ProblemResult>> Get(DateOnly night, MspDatabase database, CancellationToken cancellation) =>
        await ReadOne(database, night, await database.Night(cancellation), cancellation) is { } found
            ? TypedResults.Ok(found)
            : ProblemResult.Of(ProblemCode.NotFound);

    private static async Task<Results<Ok<Page<NightLineResource>>, ProblemResult>> Result(
        DateOnly night, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var now = await database.Night(cancellation);
        if (await ReadOne(database, night, now, cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var until = now.Calendar.RunAt(night.AddDays(1));
        var rows = await database.Rows("Api/night_result", [night, page.From(0).First, page.Rows, until], NightLineResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, line => new(line.LineId, 0)));
    }

    /// <summary>Asks every integration that has counts; one that takes the night is enough, the others say in the resource why not.</summary>
    private static async Task<Results<Accepted<NightResource>, ProblemResult>> Start(
        NightStart? request, MspDatabase database, GrainEngines grains, CancellationToken cancellation)
    {
        var now = await database.Night(cancellation);
        var night = request?.Night ?? now.Last;
        var integrations = await database.Rows("Api/integrations_with_counts", [IntegrationsMax], row => row.GetInt64(0), cancellation);
        if (integrations.Count == 0)
            return ProblemResult.Of(new Verdict.Refused(RefusalCode.IntegrationWithoutCounts, "No integration reads products: add one first. What is fed is counted as it comes."));
        if (await Ask(integrations, night, database, grains, cancellation) is { } problem) return problem;
        var address = $"/v1/nights/{night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        return TypedResults.Accepted(address, (await ReadOne(database, night, now, cancellation))!);
    }

    /// <summary>The first problem when nobody accepted; otherwise null.</summary>
    private static async Task<ProblemResult?> Ask(
        List<long> integrations, DateOnly night, MspDatabase database, GrainEngines grains, CancellationToken cancellation)
    {
        var message = new IntegrationMessage.NightRequested(night);
        var problems = new List<ProblemResult>();
        foreach (var integration in integrations)
        {
            var result = await grains.Integrations.Ask(database.Msp, integration, message, database.Actor, cancellation);
            if (TurnProblem.Of(result) is { } problem) problems.Add(problem);
        }

        return problems.Count == integrations.Count ? problems[0] : null;
    }

    internal static async Task<NightResource?> ReadOne(MspDatabase database, DateOnly night, MspNight now, CancellationToken cancellation) =>
        (await Read(database, [night], now, cancellation)).FirstOrDefault(found => found.Integrations.Count > 0);

    private static async Task<IReadOnlyList<NightResource>> Read(MspDatabase database, IReadOnlyList<DateOnly> nights, MspNight now, CancellationToken cancellation)
    {
        object?[] dates = [nights.ToArray()];
        var integrations = (await database.Rows("Api/night_integrations", [dates[0], now.Last], NightIntegrationResource.FromRow, cancellation))
            .ToLookup(row => row.Night, row => row.Integration);
        var lines = (await database.Rows(
                "Api/night_messages", dates, row => (Night: row.GetFieldValue<DateOnly>(0), Lines: (Pending: row.GetInt32(1), Parked: row.GetInt32(2))), cancellation))
            .ToDictionary(row => row.Night, row => row.Lines);
        var intents = (await database.Rows(
                "Api/night_intents", dates, row => (Night: row.GetFieldValue<DateOnly>(0), Intents: (row.GetString(1), row.GetInt32(2))), cancellation))
            .ToLookup(row => row.Night, row => row.Intents);
        return [.. nights.Select(night => NightResource.Of(night, [.. integrations[night]], lines.GetValueOrDefault(night), NightIntentsResource.Of(intents[night])))];
    }
}
